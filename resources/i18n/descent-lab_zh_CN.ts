<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Descent Lab</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See gradient descent learn, step by step.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MIT licence. Qt is used under the LGPL, as dynamic libraries.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Action</name>
    <message>
        <source>&amp;File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Tutorials</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sa&amp;mple data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hubble 1929: galaxies</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ezekiel 1930: stopping cars</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Open experiment…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open &amp;data…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save &amp;picture…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Copy numbers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step &amp;forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step &amp;back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the &amp;start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the &amp;end</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Frame the path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss on a &amp;logarithmic axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>As the system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Light</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dark</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;About Descent Lab</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message>
        <source>Made-up line</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points of this experiment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a table…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name}: {factors}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{n} points · {formula}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{train} training · {rest} validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>all {train} points for training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target} = {formula} + noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>κ = ∞: the valley is flat along one direction</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>κ = {kappa}: the valley is narrow</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Source of the data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shuffle the points before they are split; else keep their order.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standardise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Shift and scale every feature to mean 0 and standard deviation 1, as measured on the training points.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>Experiments (*.json);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open experiment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt *.dat);;All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open data</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save experiment</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Experiments (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The experiment has changed. Save it first?</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FitView</name>
    <message>
        <source>Data and fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The feature that the points are drawn against</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{target}, less what the other features explain</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partial residuals · {shown} of {n} points shown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>partial residuals</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>points (density)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>current fit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least squares</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>LossView</name>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>iteration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>½ MSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>MSE</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least squares</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>before the change</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Nothing yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Cannot write the picture {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Diverged at iteration {iteration}: the learning rate {rate:.4g} is above the stability limit {limit:.4g}, so every step made the error larger.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Diverged at iteration {iteration}: with the learning rate {rate:.4g} the loss grew beyond every bound.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped at iteration {iteration}: the gradient is shorter than {bound:.4g}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped at iteration {iteration}: the last update changed the loss by less than {bound:.4g}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Finished: all {iteration} iterations are done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no preset {name}; choose one of {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {path}: there is no such file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {path}: it is a folder, not a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {path}: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot write {path}: {reason}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the JSON is nested too deeply to be an experiment.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not an experiment: it is not valid JSON. Experiments are made with File ▸ Save.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this is not an experiment: it needs an object with the keys &quot;format&quot; and &quot;data&quot;.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this was saved by a newer version of Descent Lab (format {given}; this version reads up to {newest}); please update.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>format: {value} is not allowed here; expected {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>runs: several runs in one experiment are not supported yet; give one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: {value} is not supported yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: a change must set something.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start.values: numbers beyond 1e150 are too large.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>true or false</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>an object</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>null</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: there is no such key; allowed here: {allowed}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: this key is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{key}: {value} is not allowed here; expected {expected}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a list of length {length}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: the cell is blank; fill in a number or delete the row.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is not a number; correct it or choose another column.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is not a number in a file that writes decimals with a comma; correct it or choose another column.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” stands for a missing number; fill in a number or delete the row.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is infinite or too large; correct it or delete the row.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has no column “{column}”; its columns are {available}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose at least one column for x.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The column “{column}” is chosen more than once; x and y must be different columns.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has too few columns of numbers ({count}); a fit needs two: x and y. {reason}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is a spreadsheet, which is not supported yet; save the sheet as CSV and open that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is not a text file, or its encoding is unknown; save the table as CSV in UTF-8 and open that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {file}: there is no such file; check its name and folder.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {file}: there is no permission to read it; change its permissions or open a copy.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {file}: {reason}; copy it elsewhere and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot open {file}: it is a folder; choose a file in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has only one column; a fit needs two columns of numbers, separated by commas, semicolons, tabs or spaces.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}: a quoted cell does not end as it should; correct the quotation marks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file}, line {line}: this row and the first differ in their number of cells ({found} and {expected}); give every row the same number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} is empty; choose a file with a table in it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has a header but no data; a fit needs at least two rows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} has only one row of data; a fit needs at least two.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no run {name}; the runs are {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough memory for these data.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>features.scale has {given} factors, but the data has {wanted} features; give one number, or one per feature.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A training share of {share} of {n} points leaves {left} to learn from; at least 2 are needed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>data.x has {n_x} points and data.y has {n_y}; both need the same number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>data.x and data.y need at least two points with the same number of features each.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The data have numbers beyond {largest:g}, too large to square; use another unit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The start of run {name} is too far from the data: its loss has no finite value.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The start of run {name} has {given} values, but the model has {wanted} parameters ({names}).</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Model</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Line   ŷ = b + w·x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Mean squared error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Half the mean squared error</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>More</name>
    <message>
        <source>More</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Settings that are seldom needed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NumberBox</name>
    <message>
        <source>“{text}” is not a number.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must be a whole number from {low} to {high}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must be above {low} and at most {high}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} must be between {low} and {high}.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NumbersPanel</name>
    <message>
        <source>Iteration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Own units</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least squares</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>training</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>validation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>truth</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Distance to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iteration {row}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>learning rate η = {rate}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>full batch · {n} points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>batch of {size} · {n} points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>diverged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unstable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unstable: stable below η = {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stable below η = {limit}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Numbers of the iteration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy numbers</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OpenDataDialog</name>
    <message>
        <source>Open a table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{file} · {n} rows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Features x</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Target y</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First rows of the table</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points of the chosen columns</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>OptimizerPanel</name>
    <message>
        <source>fastest {rate}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>stable below {rate}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Above {limit} every step overshoots further, and the loss grows.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Method</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient descent</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adam</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unstable</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click a rate to take it. κ is the condition number: how many times steeper the surface curves in one direction than in another.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>New seed</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Spec</name>
    <message>
        <source>Learning rate</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How far one update goes along the negative gradient. Too small crawls, too large overshoots; above the stability limit every step makes things worse.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the previous velocity that is kept: v ← μ·v + ∇L. It carries the descent along flat valleys, and past the optimum.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decay of the mean</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How slowly the running mean of the gradient forgets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Decay of the square</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How slowly the running mean of the squared gradient forgets.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Added to the denominator so that it is never zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Adds λ·θ to the gradient of every parameter and so pulls them towards zero.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run stops after this many updates.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run stops where the length of the training gradient falls below this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Loss change below</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The run stops where one update changes the loss by less than this, relative to max(1, |L|).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Training share</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The part of the points that the descent learns from; the rest only checks the result.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feature factor</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Multiplies the feature before the model sees it, as if it were measured in another unit.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Points</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>How many points are made.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Noise</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of the noise added to y.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Share of the points that are lifted by ten standard deviations of y.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Seed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The same seed gives the same random numbers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Spread</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Standard deviation of the random start.</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StartPanel</name>
    <message>
        <source>As in the tutorial</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Random</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These values</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>From</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where the start comes from</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>or click the loss surface</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start from random parameters</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>StopPanel</name>
    <message>
        <source>Stop when</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SurfaceView</name>
    <message>
        <source>Loss surface</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the whole path again (Home)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameter along the horizontal axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The parameter along the vertical axis</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>slice through the current point · path and optimum are projections</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (intercept)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (slope)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (slope of {feature})</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>least squares</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>truth</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Play</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>max</source>
        <comment>as fast as it goes</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>1 step/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{steps} steps/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the start</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>One step forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>To the end: compute until the run stops</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Recorded iterations: click or drag to see one again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Click and type an iteration to go there</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Steps per second; the last notch is as fast as it goes</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Tutorial</name>
    <message>
        <source>Tutorial {number} · {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Learning as parameter estimation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gradient descent step by step</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Two features and the normal equation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Batch, stochastic, mini-batch</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Autograd and the chain rule</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>

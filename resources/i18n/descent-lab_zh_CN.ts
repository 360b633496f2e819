<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Descent Lab</source>
        <translation>关于 Descent Lab</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Version {version}</source>
        <translation>版本 {version}</translation>
    </message>
    <message>
        <source>See gradient descent learn, step by step.</source>
        <translation>一步一步，看见梯度下降如何学习。</translation>
    </message>
    <message>
        <source>A bug report needs these lines: copy them into it.</source>
        <translation>报告问题时请附上以下内容。</translation>
    </message>
    <message>
        <source>What is bundled</source>
        <translation>所含组件</translation>
    </message>
    <message>
        <source>Text of the licence</source>
        <translation>许可证全文</translation>
    </message>
    <message>
        <source>Descent Lab is under the MIT licence. Qt is used under the LGPL, version 3, as dynamic libraries: separate files that you may replace by your own.</source>
        <translation>Descent Lab 采用 MIT 许可证。Qt 依据 LGPL 第 3 版以动态库形式使用：它们是独立的文件，可以换成您自己的版本。</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>复制版本信息</translation>
    </message>
</context>
<context>
    <name>Action</name>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>运行(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Tutorials</source>
        <translation>教程(&amp;T)</translation>
    </message>
    <message>
        <source>Sa&amp;mple data</source>
        <translation>示例数据(&amp;M)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>最近打开(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>比较(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>Hubble 1929: galaxies</source>
        <translation>哈勃 1929：星系</translation>
    </message>
    <message>
        <source>Ezekiel 1930: stopping cars</source>
        <translation>Ezekiel 1930：汽车制动</translation>
    </message>
    <message>
        <source>&amp;Open experiment…</source>
        <translation>打开实验(&amp;O)…</translation>
    </message>
    <message>
        <source>Open &amp;data…</source>
        <translation>打开数据(&amp;D)…</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save &amp;as…</source>
        <translation>另存为(&amp;A)…</translation>
    </message>
    <message>
        <source>Save &amp;picture…</source>
        <translation>保存图片(&amp;P)…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Copy numbers</source>
        <translation>复制数值(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation>播放或暂停(&amp;P)</translation>
    </message>
    <message>
        <source>One step &amp;forward</source>
        <translation>前进一步(&amp;F)</translation>
    </message>
    <message>
        <source>One step &amp;back</source>
        <translation>后退一步(&amp;B)</translation>
    </message>
    <message>
        <source>To the &amp;start</source>
        <translation>回到起点(&amp;S)</translation>
    </message>
    <message>
        <source>To the &amp;end</source>
        <translation>直到结束(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Add a run</source>
        <translation>添加一次运行(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Remove this run</source>
        <translation>移除此运行(&amp;R)</translation>
    </message>
    <message>
        <source>Pre&amp;vious run</source>
        <translation>上一个运行(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Next run</source>
        <translation>下一个运行(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Frame the path</source>
        <translation>显示整条路径(&amp;F)</translation>
    </message>
    <message>
        <source>Loss on a lo&amp;garithmic axis</source>
        <translation>损失用对数坐标(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Enlarge the panel under the pointer</source>
        <translation>放大指针所在的面板(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Right column</source>
        <translation>右侧栏(&amp;R)</translation>
    </message>
    <message>
        <source>Restore the &amp;default layout</source>
        <translation>恢复默认布局(&amp;D)</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;About Descent Lab</source>
        <translation>关于 Descent Lab(&amp;A)</translation>
    </message>
    <message>
        <source>Learning rates 0.01, 0.03, 0.1, 0.3, 1</source>
        <translation>学习率 0.01、0.03、0.1、0.3、1</translation>
    </message>
    <message>
        <source>Learning rates 0.2, 0.8, 1.1</source>
        <translation>学习率 0.2、0.8、1.1</translation>
    </message>
    <message>
        <source>Shares of the stability limit</source>
        <translation>稳定上限的若干比例</translation>
    </message>
    <message>
        <source>Optimizers</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Batch sizes</source>
        <translation>批量大小</translation>
    </message>
    <message>
        <source>Losses</source>
        <translation>损失函数</translation>
    </message>
    <message>
        <source>Starts over the surface</source>
        <translation>曲面上的多个起点</translation>
    </message>
</context>
<context>
    <name>BatchPanel</name>
    <message>
        <source>Batch</source>
        <translation>批量</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>shuffled in every epoch</source>
        <translation>每轮重新打乱</translation>
    </message>
    <message>
        <source>as in the data</source>
        <translation>与数据顺序相同</translation>
    </message>
</context>
<context>
    <name>ConditioningPanel</name>
    <message>
        <source>The surface does not curve upwards here, so nothing follows for the rate.</source>
        <translation>曲面在此处没有向上弯曲，因此对学习率得不出结论。</translation>
    </message>
    <message>
        <source>Along at least one direction the surface curves downwards.</source>
        <translation>至少沿一个方向曲面向下弯曲。</translation>
    </message>
    <message>
        <source>Along at least one direction the surface is flat.</source>
        <translation>至少沿一个方向曲面是平的。</translation>
    </message>
    <message>
        <source>The steepest direction curves {kappa} times as much as the flattest.</source>
        <translation>最陡方向的曲率是最平方向的 {kappa} 倍。</translation>
    </message>
    <message>
        <source>With standardised features: κ = {kappa}.</source>
        <translation>特征标准化后：κ = {kappa}。</translation>
    </message>
    <message>
        <source>With momentum the limit is another; the factors below are those of plain gradient descent at this rate.</source>
        <translation>动量法的稳定上限不同；下面的因子是普通梯度下降在该学习率下的因子。</translation>
    </message>
    <message>
        <source>Newton&apos;s method divides by the curvature, so that every direction has the factor 1 − η; those below are of plain gradient descent.</source>
        <translation>牛顿法除以曲率，因此每个方向的因子都是 1 − η；下面是普通梯度下降的因子。</translation>
    </message>
    <message>
        <source>This method scales its steps by itself, and no such limit applies; the factors below are those of plain gradient descent at this rate.</source>
        <translation>该方法自行缩放步长，没有这样的上限；下面的因子是普通梯度下降在该学习率下的因子。</translation>
    </message>
    <message>
        <source>Between −1 and 1 the error shrinks; in the red it grows.</source>
        <translation>在 −1 与 1 之间误差缩小；在红色区域误差增大。</translation>
    </message>
    <message>
        <source>crawls: a step leaves {share} of the error</source>
        <translation>缓慢：一步后剩余误差的 {share}</translation>
    </message>
    <message>
        <source>direct: a step leaves {share} of the error</source>
        <translation>直达：一步后剩余误差的 {share}</translation>
    </message>
    <message>
        <source>zig-zags: a step changes sides and leaves {share}</source>
        <translation>来回摆动：一步越到另一侧，剩余 {share}</translation>
    </message>
    <message>
        <source>diverges: a step overshoots to {share} of the error</source>
        <translation>发散：一步冲过头，误差变为 {share}</translation>
    </message>
    <message>
        <source>flat: a step changes nothing</source>
        <translation>平坦：一步不改变任何东西</translation>
    </message>
    <message>
        <source>falls: it curves downwards, and a step moves away</source>
        <translation>下落：曲面向下弯，一步会远离</translation>
    </message>
    <message>
        <source>Conditioning</source>
        <translation>条件数</translation>
    </message>
    <message>
        <source>at the optimum</source>
        <translation>在最优点</translation>
    </message>
    <message>
        <source>at the current point</source>
        <translation>在当前点</translation>
    </message>
</context>
<context>
    <name>ContourPlot</name>
    <message>
        <source>slice through the optimum</source>
        <translation>过最优点的切片</translation>
    </message>
</context>
<context>
    <name>CutPlot</name>
    <message>
        <source>Loss along {parameter}</source>
        <translation>沿 {parameter} 的损失</translation>
    </message>
    <message>
        <source>curvature {values}</source>
        <translation>曲率 {values}</translation>
    </message>
</context>
<context>
    <name>DataPanel</name>
    <message>
        <source>Made-up line</source>
        <translation>合成直线</translation>
    </message>
    <message>
        <source>Points of this experiment</source>
        <translation>本实验的数据点</translation>
    </message>
    <message>
        <source>Open a table…</source>
        <translation>打开表格…</translation>
    </message>
    <message>
        <source>Made-up plane (two features)</source>
        <translation>生成的平面（两个特征）</translation>
    </message>
    <message>
        <source>Made-up parabola</source>
        <translation>生成的抛物线</translation>
    </message>
    <message>
        <source>Made-up sine</source>
        <translation>生成的正弦</translation>
    </message>
    <message>
        <source>Made-up tanh</source>
        <translation>生成的 tanh</translation>
    </message>
    <message>
        <source>Two classes</source>
        <translation>两类</translation>
    </message>
    <message>
        <source>Two classes (one feature)</source>
        <translation>两类（一个特征）</translation>
    </message>
    <message>
        <source>{n} points · {formula}</source>
        <translation>{n} 个点 · {formula}</translation>
    </message>
    <message>
        <source>{train} training · {rest} validation</source>
        <translation>训练集 {train} 点 · 验证集 {rest} 点</translation>
    </message>
    <message>
        <source>all {train} points for training</source>
        <translation>全部 {train} 个点用于训练</translation>
    </message>
    <message>
        <source>κ = ∞: the valley is flat along one direction</source>
        <translation>κ = ∞：谷底沿某一方向完全平坦</translation>
    </message>
    <message>
        <source>κ = {kappa}: the valley is narrow</source>
        <translation>κ = {kappa}：谷底狭长</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Source of the data</source>
        <translation>数据来源</translation>
    </message>
    <message>
        <source>Shuffle</source>
        <translation>打乱顺序</translation>
    </message>
    <message>
        <source>Shuffle the points before they are split; else keep their order.</source>
        <translation>划分前先打乱各点的顺序；不勾选则保持原有顺序。</translation>
    </message>
    <message>
        <source>Standardise</source>
        <translation>标准化</translation>
    </message>
    <message>
        <source>Shift and scale every feature to mean 0 and standard deviation 1, as measured on the training points.</source>
        <translation>平移并缩放每个特征，使其在训练集上的均值为 0、标准差为 1。</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>Experiments (*.json);;All files (*)</source>
        <translation>实验 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open experiment</source>
        <translation>打开实验</translation>
    </message>
    <message>
        <source>Tables (*.csv *.tsv *.txt *.dat);;All files (*)</source>
        <translation>表格 (*.csv *.tsv *.txt *.dat);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Open data</source>
        <translation>打开数据</translation>
    </message>
    <message>
        <source>Save experiment</source>
        <translation>保存实验</translation>
    </message>
    <message>
        <source>Experiments (*.json)</source>
        <translation>实验 (*.json)</translation>
    </message>
    <message>
        <source>Save picture</source>
        <translation>保存图片</translation>
    </message>
    <message>
        <source>Pictures (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>更改尚未保存</translation>
    </message>
    <message>
        <source>The experiment has changed. Save it first?</source>
        <translation>实验已更改。要先保存吗？</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Discard</source>
        <translation>不保存(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
</context>
<context>
    <name>FitView</name>
    <message>
        <source>Data and fit</source>
        <translation>数据与拟合</translation>
    </message>
    <message>
        <source>The feature that the points are drawn against</source>
        <translation>用作横轴的特征</translation>
    </message>
    <message>
        <source>{target}, less what the other features explain</source>
        <translation>{target} 减去其他特征的贡献</translation>
    </message>
    <message>
        <source>{target}, and ŷ = P({target} = 1)</source>
        <translation>{target}，以及 ŷ = P({target} = 1)</translation>
    </message>
    <message>
        <source>partial residuals · {shown} of {n} points shown</source>
        <translation>偏残差 · 共 {n} 个点，显示 {shown} 个</translation>
    </message>
    <message>
        <source>partial residuals</source>
        <translation>偏残差</translation>
    </message>
    <message>
        <source>current batch</source>
        <translation>当前批次</translation>
    </message>
    <message>
        <source>boundary ŷ = ½</source>
        <translation>分界线 ŷ = ½</translation>
    </message>
    <message>
        <source>earlier</source>
        <translation>之前的</translation>
    </message>
    <message>
        <source>start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>{target} = {label}</source>
        <translation>{target} = {label}</translation>
    </message>
    <message>
        <source>points (density)</source>
        <translation>数据点（密度）</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>current fit</source>
        <translation>当前拟合</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>validation point {number}</source>
        <translation>验证点 {number}</translation>
    </message>
    <message>
        <source>training point {number}</source>
        <translation>训练点 {number}</translation>
    </message>
    <message>
        <source>error ŷ − y</source>
        <translation>误差 ŷ − y</translation>
    </message>
    <message>
        <source>loss ℓ</source>
        <translation>损失 ℓ</translation>
    </message>
    <message>
        <source>share of Σℓ</source>
        <translation>占 Σℓ 的比例</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>rate η</source>
        <translation>学习率 η</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>Copy the table with all digits</source>
        <translation>复制表格（全部数位）</translation>
    </message>
    <message>
        <source>More than {most} lines: list fewer iterations to copy them</source>
        <translation>超过 {most} 行：请减少列出的迭代后再复制</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Every</source>
        <translation>每隔</translation>
    </message>
    <message>
        <source>iterations</source>
        <translation>次迭代</translation>
    </message>
    <message>
        <source>List every so many-th iteration</source>
        <translation>每隔若干次迭代列出一行</translation>
    </message>
    <message>
        <source>gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>List the gradient too</source>
        <translation>同时列出梯度</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the log</source>
        <translation>复制日志</translation>
    </message>
</context>
<context>
    <name>LossView</name>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>iterations</source>
        <translation>迭代次数</translation>
    </message>
    <message>
        <source>epochs</source>
        <translation>轮</translation>
    </message>
    <message>
        <source>points seen</source>
        <translation>看过的点数</translation>
    </message>
    <message>
        <source>What the loss is drawn against</source>
        <translation>损失的横轴</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic axis (L)</source>
        <translation>对数坐标轴 (L)</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代次数</translation>
    </message>
    <message>
        <source>loss ÷ loss at the start</source>
        <translation>损失 ÷ 起点的损失</translation>
    </message>
    <message>
        <source>epoch 1</source>
        <translation>第 1 轮</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>with penalty</source>
        <translation>含惩罚项</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>before the change</source>
        <translation>更改之前</translation>
    </message>
</context>
<context>
    <name>LossesPlot</name>
    <message>
        <source>Loss above the minimum</source>
        <translation>高出最小值的损失</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>{loss} − min</source>
        <translation>{loss} − 最小值</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Nothing yet</source>
        <translation>暂无</translation>
    </message>
    <message>
        <source>Untitled</source>
        <translation>未命名</translation>
    </message>
</context>
<context>
    <name>Message</name>
    <message>
        <source>Cannot write the picture {path}.</source>
        <translation>无法写入图片 {path}。</translation>
    </message>
    <message>
        <source>Diverged at iteration {iteration}: the learning rate {rate:.4g} is above the stability limit {limit:.4g}, so the steps grew instead of shrinking.</source>
        <translation>在第 {iteration} 次迭代发散：学习率 {rate:.4g} 超过稳定上限 {limit:.4g}，步长不断增大而不是缩小。</translation>
    </message>
    <message>
        <source>Diverged at iteration {iteration}: with the learning rate {rate:.4g} the loss grew beyond every bound.</source>
        <translation>第 {iteration} 次迭代时发散：学习率为 {rate:.4g}，损失无限增大。</translation>
    </message>
    <message>
        <source>Stopped at iteration {iteration}: the gradient is shorter than {bound:.4g}.</source>
        <translation>第 {iteration} 次迭代时停止：梯度的范数小于 {bound:.4g}。</translation>
    </message>
    <message>
        <source>Stopped at iteration {iteration}: the last update changed the loss by less than {bound:.4g}.</source>
        <translation>第 {iteration} 次迭代时停止：最后一次更新引起的损失变化小于 {bound:.4g}。</translation>
    </message>
    <message>
        <source>Stopped: {iteration:,} iterations are the most that a run can record.</source>
        <translation>已停止：一个运行最多只能记录 {iteration:,} 次迭代。</translation>
    </message>
    <message>
        <source>Finished at iteration {iteration}, the last one.</source>
        <translation>已到第 {iteration} 次迭代，这是最后一次。</translation>
    </message>
    <message>
        <source>There is no preset {name}; choose one of {names}.</source>
        <translation>没有名为 {name} 的预设；请从 {names} 中选择。</translation>
    </message>
    <message>
        <source>Cannot open {path}: there is no such file.</source>
        <translation>无法打开 {path}：文件不存在。</translation>
    </message>
    <message>
        <source>Cannot open {path}: it is a folder, not a file.</source>
        <translation>无法打开 {path}：这是文件夹，不是文件。</translation>
    </message>
    <message>
        <source>Cannot open {path}: {reason}.</source>
        <translation>无法打开 {path}：{reason}。</translation>
    </message>
    <message>
        <source>Cannot write {path}: {reason}.</source>
        <translation>无法写入 {path}：{reason}。</translation>
    </message>
    <message>
        <source>the JSON is nested too deeply to be an experiment.</source>
        <translation>JSON 嵌套过深，不是实验文件。</translation>
    </message>
    <message>
        <source>this is not an experiment: it is not valid JSON. Experiments are made with File ▸ Save.</source>
        <translation>这不是实验文件：不是有效的 JSON。实验文件由“文件 ▸ 保存”生成。</translation>
    </message>
    <message>
        <source>this is not an experiment: it needs an object with the keys &quot;format&quot; and &quot;data&quot;.</source>
        <translation>这不是实验文件：应为含有键“format”和“data”的对象。</translation>
    </message>
    <message>
        <source>this was saved by a newer version of Descent Lab (format {given}; this version reads up to {newest}); please update.</source>
        <translation>此文件由更新版本的 Descent Lab 保存（格式 {given}；本版本最高支持 {newest}）；请升级。</translation>
    </message>
    <message>
        <source>format: {value} is not allowed here; expected {expected}.</source>
        <translation>format：此处不能是 {value}；应为 {expected}。</translation>
    </message>
    <message>
        <source>Newton&apos;s method needs the full batch; set batch.size to null or choose another method.</source>
        <translation>牛顿法需要全批量；请将 batch.size 设为 null 或改用其他方法。</translation>
    </message>
    <message>
        <source>Newton&apos;s method needs a smooth loss, and |r| and |w| have corners; choose another loss, set loss.l1 to 0 or choose another method.</source>
        <translation>牛顿法需要光滑的损失，而 |r| 和 |w| 有尖角；请改用其他损失、将 loss.l1 设为 0，或改用其他方法。</translation>
    </message>
    <message>
        <source>{key}: {value} is not supported yet.</source>
        <translation>{key}：暂不支持 {value}。</translation>
    </message>
    <message>
        <source>{key}: a run needs a name.</source>
        <translation>{key}：运行需要一个名称。</translation>
    </message>
    <message>
        <source>{key}: {value} is the name of {other} already; every run needs a name of its own.</source>
        <translation>{key}：{value} 已经是 {other} 的名称；每个运行都需要自己的名称。</translation>
    </message>
    <message>
        <source>{key}: a change must set something.</source>
        <translation>{key}：更改至少要设置一项。</translation>
    </message>
    <message>
        <source>start.values: numbers beyond 1e150 are too large.</source>
        <translation>start.values：绝对值超过 1e150 的数过大。</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>数字</translation>
    </message>
    <message>
        <source>a whole number</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>true or false</source>
        <translation>true 或 false</translation>
    </message>
    <message>
        <source>a list</source>
        <translation>列表</translation>
    </message>
    <message>
        <source>an object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>null</source>
        <translation>null</translation>
    </message>
    <message>
        <source>{key}: there is no such key; allowed here: {allowed}.</source>
        <translation>{key}：没有这个键；此处可用：{allowed}。</translation>
    </message>
    <message>
        <source>{key}: this key is missing.</source>
        <translation>{key}：缺少这个键。</translation>
    </message>
    <message>
        <source>{key}: {value} is not allowed here; expected {expected}.</source>
        <translation>{key}：此处不能是 {value}；应为 {expected}。</translation>
    </message>
    <message>
        <source>a list of length {length}</source>
        <translation>长度 {length} 的列表</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: the cell is blank; fill in a number or delete the row.</source>
        <translation>{file} 第 {line} 行“{column}”列：单元格为空；请填入数字或删除该行。</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is not a number; correct it or choose another column.</source>
        <translation>{file} 第 {line} 行“{column}”列：“{text}”不是数字；请改正或选择其他列。</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is not a number in a file that writes decimals with a comma; correct it or choose another column.</source>
        <translation>{file} 第 {line} 行“{column}”列：此文件以逗号为小数点，“{text}”不是数字；请改正或选择其他列。</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” stands for a missing number; fill in a number or delete the row.</source>
        <translation>{file} 第 {line} 行“{column}”列：“{text}”表示缺失值；请填入数字或删除该行。</translation>
    </message>
    <message>
        <source>{file}, line {line}, column “{column}”: “{text}” is infinite or too large; correct it or delete the row.</source>
        <translation>{file} 第 {line} 行“{column}”列：“{text}”为无穷大或过大；请改正或删除该行。</translation>
    </message>
    <message>
        <source>{file} has no column “{column}”; its columns are {available}.</source>
        <translation>{file} 中没有“{column}”列；现有的列：{available}。</translation>
    </message>
    <message>
        <source>Choose at least one column for x.</source>
        <translation>请至少选择一列作为 x。</translation>
    </message>
    <message>
        <source>The column “{column}” is chosen more than once; x and y must be different columns.</source>
        <translation>“{column}”列被重复选择；x 和 y 必须是不同的列。</translation>
    </message>
    <message>
        <source>Only columns of numbers can be fitted (classes as 0 and 1); left out: {columns}. {reason}</source>
        <translation>只有数值列才能拟合（类别写成 0 和 1）；未采用：{columns}。{reason}</translation>
    </message>
    <message>
        <source>{file} has too few columns of numbers ({count}); a fit needs two: x and y. {reason}</source>
        <translation>{file} 的数值列太少（{count} 列）；拟合需要 x 和 y 两列。{reason}</translation>
    </message>
    <message>
        <source>{file} is a spreadsheet, which is not supported yet; save the sheet as CSV and open that.</source>
        <translation>{file} 是电子表格，暂不支持；请将工作表另存为 CSV 后再打开。</translation>
    </message>
    <message>
        <source>{file} is not a text file, or its encoding is unknown; save the table as CSV in UTF-8 and open that.</source>
        <translation>{file} 不是文本文件，或编码无法识别；请将表格另存为 UTF-8 编码的 CSV 后再打开。</translation>
    </message>
    <message>
        <source>Cannot open {file}: there is no such file; check its name and folder.</source>
        <translation>无法打开 {file}：文件不存在；请检查文件名和所在文件夹。</translation>
    </message>
    <message>
        <source>Cannot open {file}: there is no permission to read it; change its permissions or open a copy.</source>
        <translation>无法打开 {file}：没有读取权限；请更改权限或打开它的副本。</translation>
    </message>
    <message>
        <source>Cannot open {file}: {reason}; copy it elsewhere and try again.</source>
        <translation>无法打开 {file}：{reason}；请复制到别处后重试。</translation>
    </message>
    <message>
        <source>Cannot open {file}: it is a folder; choose a file in it.</source>
        <translation>无法打开 {file}：这是文件夹；请选择其中的文件。</translation>
    </message>
    <message>
        <source>{file} has only one column; a fit needs two columns of numbers, separated by commas, semicolons, tabs or spaces.</source>
        <translation>{file} 只有一列；拟合需要两列数字，以逗号、分号、制表符或空格分隔。</translation>
    </message>
    <message>
        <source>{file}, line {line}: a quoted cell does not end as it should; correct the quotation marks.</source>
        <translation>{file} 第 {line} 行：带引号的单元格没有正确结束；请改正引号。</translation>
    </message>
    <message>
        <source>{file}, line {line}: this row and the first differ in their number of cells ({found} and {expected}); give every row the same number.</source>
        <translation>{file} 第 {line} 行：此行与首行的单元格数不同（{found} 与 {expected}）；请使各行相同。</translation>
    </message>
    <message>
        <source>{file} is empty; choose a file with a table in it.</source>
        <translation>{file} 是空文件；请选择含有表格的文件。</translation>
    </message>
    <message>
        <source>{file} has a header but no data; a fit needs at least two rows.</source>
        <translation>{file} 只有表头，没有数据；拟合至少需要两行数据。</translation>
    </message>
    <message>
        <source>{file} has only one row of data; a fit needs at least two.</source>
        <translation>{file} 只有一行数据；拟合至少需要两行。</translation>
    </message>
    <message>
        <source>There is no run {name}; the runs are {names}.</source>
        <translation>没有名为 {name} 的运行；现有的运行：{names}。</translation>
    </message>
    <message>
        <source>features.scale has {given} factors, but the data has {wanted} features; give one number, or one per feature.</source>
        <translation>features.scale 有 {given} 个倍数，而数据有 {wanted} 个特征；请给出一个数，或每个特征各一个。</translation>
    </message>
    <message>
        <source>A training share of {share} of {n} points leaves {left} to learn from; at least 2 are needed.</source>
        <translation>{n} 个点按训练集占比 {share} 划分，只有 {left} 个点可用于训练；至少需要 2 个。</translation>
    </message>
    <message>
        <source>data.x has {n_x} points and data.y has {n_y}; both need the same number.</source>
        <translation>data.x 有 {n_x} 个点，data.y 有 {n_y} 个；两者的数目必须相同。</translation>
    </message>
    <message>
        <source>data.x and data.y need at least two points with the same number of features each.</source>
        <translation>data.x 和 data.y 至少需要两个点，且每个点的特征数相同。</translation>
    </message>
    <message>
        <source>The data have numbers beyond {largest:g}, too large to square; use another unit.</source>
        <translation>数据中有绝对值超过 {largest:g} 的数，过大而无法求平方；请换用其他单位。</translation>
    </message>
    <message>
        <source>The start of run {name} is too far from the data: its loss has no finite value.</source>
        <translation>运行 {name} 的起点离数据太远：损失不是有限值。</translation>
    </message>
    <message>
        <source>The start of run {name} has {given} values, but the model has {wanted} parameters ({names}).</source>
        <translation>运行 {name} 的起点有 {given} 个值，而模型有 {wanted} 个参数（{names}）。</translation>
    </message>
    <message>
        <source>There is not enough memory for this.</source>
        <translation>内存不足，无法完成此操作。</translation>
    </message>
    <message>
        <source>Something went wrong in the engine ({error}); the run is paused.</source>
        <translation>计算引擎出错（{error}）；运行已暂停。</translation>
    </message>
    <message>
        <source>All {count} runs have ended, {diverged} of them diverged. {name}: {ending}</source>
        <translation>全部 {count} 个运行都已结束，其中 {diverged} 个发散。{name}：{ending}</translation>
    </message>
    <message>
        <source>All {count} runs have ended. {name}: {ending}</source>
        <translation>全部 {count} 个运行都已结束。{name}：{ending}</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>½ MSE</source>
        <translation>½ MSE</translation>
    </message>
    <message>
        <source>MAE</source>
        <translation>MAE</translation>
    </message>
    <message>
        <source>Huber</source>
        <translation>Huber</translation>
    </message>
    <message>
        <source>log loss</source>
        <translation>对数损失</translation>
    </message>
    <message>
        <source>best found</source>
        <translation>已找到的最好</translation>
    </message>
    <message>
        <source>≈ optimum</source>
        <translation>≈ 最优解</translation>
    </message>
    <message>
        <source>least squares</source>
        <translation>最小二乘</translation>
    </message>
    <message>
        <source>optimum</source>
        <translation>最优解</translation>
    </message>
    <message>
        <source>Newton&apos;s method stays where it is: the surface is straight here, without the curvature that says how far to go; start nearer to the optimum or choose another method.</source>
        <translation>牛顿法停在原地：这里的曲面是直的，没有曲率告诉它该走多远；请从离最优点更近处开始，或换一种方法。</translation>
    </message>
    <message>
        <source>It has not arrived: along the flattest direction a step removes only {share:.2g} % of the error (η·λmin).</source>
        <translation>尚未到达：在最平坦的方向上，每一步只消除误差的 {share:.2g} %（η·λmin）。</translation>
    </message>
    <message>
        <source>The gradient, {norm:.2g}, is as short as rounding lets it become; {wanted:.2g} cannot be reached.</source>
        <translation>梯度 {norm:.2g} 已小到舍入误差的极限；{wanted:.2g} 无法达到。</translation>
    </message>
    <message>
        <source>This is a local minimum: the loss here is {excess:.4g} above the lowest that is known.</source>
        <translation>这是一个局部极小值：此处的损失比已知最低值高 {excess:.4g}。</translation>
    </message>
    <message>
        <source>This is a plateau: the surface is almost level here, but the loss is {excess:.4g} above the lowest that is known.</source>
        <translation>这是一片平台：曲面在此处几乎是平的，但损失比已知最低值高 {excess:.4g}。</translation>
    </message>
    <message>
        <source>An experiment has at most {most} runs.</source>
        <translation>一个实验最多有 {most} 个运行。</translation>
    </message>
    <message>
        <source>An experiment needs at least one run.</source>
        <translation>一个实验至少需要一个运行。</translation>
    </message>
    <message>
        <source>A run needs a name.</source>
        <translation>运行需要一个名称。</translation>
    </message>
    <message>
        <source>Another run is called {name} already.</source>
        <translation>已有另一个运行名为 {name}。</translation>
    </message>
    <message>
        <source>There is no run number {number}.</source>
        <translation>没有第 {number} 个运行。</translation>
    </message>
    <message>
        <source>The {model} model takes at most {most} features, and the data have {given}; choose fewer columns or the line.</source>
        <translation>{model} 模型最多接受 {most} 个特征，而数据有 {given} 个；请减少列数或改用直线。</translation>
    </message>
    <message>
        <source>loss.kind: the log loss compares labels with probabilities, and the {model} model gives none; choose the logistic model, or another loss.</source>
        <translation>loss.kind：对数损失把标签与概率相比较，而 {model} 模型不给出概率；请改用逻辑回归模型或其他损失。</translation>
    </message>
    <message>
        <source>The {model} model takes one feature, and the data have {given}; choose one column or the line.</source>
        <translation>{model} 模型只接受一个特征，而数据有 {given} 个；请只选一列，或改用直线。</translation>
    </message>
    <message>
        <source>The logistic model needs labels 0 and 1, but {target} has the value {value}; choose another column or another model.</source>
        <translation>逻辑回归模型需要标签 0 和 1，但 {target} 中有值 {value}；请选择其他列或其他模型。</translation>
    </message>
    <message>
        <source>The data cannot tell some parameters apart (a constant or repeated feature, or too few points): every point of a valley is an optimum; distances are measured to the nearest.</source>
        <translation>数据无法区分某些参数（特征为常数或重复，或点太少）：整条谷底上的每一点都是最优解；距离按到最近的最优解计算。</translation>
    </message>
    <message>
        <source>The optimum is approximate: its last digits are not certain.</source>
        <translation>最优解是近似的：末几位数字不确定。</translation>
    </message>
    <message>
        <source>Several weights share the smallest loss, because features repeat each other; distances are measured to one of them.</source>
        <translation>由于特征相互重复，有多组权重同样使损失最小；距离按到其中一组计算。</translation>
    </message>
    <message>
        <source>The best of {starts} starts; a lower one may exist.</source>
        <translation>{starts} 个起点中最好的结果；可能还有更低的。</translation>
    </message>
    <message>
        <source>The loss falls for ever as the parameters grow, so there is no optimum: the best curve is a step.</source>
        <translation>参数越大损失越小，没有尽头，因此不存在最优解：最好的曲线是一个阶跃。</translation>
    </message>
    <message>
        <source>The two classes can be separated, so the loss falls for ever as the weights grow: there is no optimum.</source>
        <translation>两个类别可以分开，权重越大损失越小，没有尽头：不存在最优解。</translation>
    </message>
    <message>
        <source>All labels are the same, so the loss falls for ever as the intercept grows: there is no optimum.</source>
        <translation>所有标签都相同，截距（绝对值）越大损失越小，没有尽头：不存在最优解。</translation>
    </message>
    <message>
        <source>y = 1 where {formula} + noise &gt; 0, else 0</source>
        <translation>{formula} + 噪声 &gt; 0 时 y = 1，否则 y = 0</translation>
    </message>
    <message>
        <source>y = {formula} + noise</source>
        <translation>y = {formula} + 噪声</translation>
    </message>
    <message>
        <source>There is no stability limit to take shares of: {method} has none on this surface. Gradient descent has one wherever the surface is curved.</source>
        <translation>没有可取比例的稳定上限：{method} 在此曲面上没有上限。只要曲面是弯曲的，梯度下降就有稳定上限。</translation>
    </message>
    <message>
        <source>Several lines share the smallest loss, as every number between the two middle ones is a median; distances are measured to one of them.</source>
        <translation>多条直线的损失同为最小，正如中间两个数之间的任何数都是中位数；距离按到其中一条计算。</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Mean absolute error</source>
        <translation>平均绝对误差</translation>
    </message>
    <message>
        <source>Huber loss</source>
        <translation>Huber 损失</translation>
    </message>
    <message>
        <source>Log loss (cross-entropy)</source>
        <translation>对数损失（交叉熵）</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>for this run only</source>
        <translation>仅用于此运行</translation>
    </message>
    <message>
        <source>Let the selected run minimise a loss of its own, while all others keep theirs.</source>
        <translation>让选中的运行最小化自己的损失，其他运行保持不变。</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>直线</translation>
    </message>
    <message>
        <source>Logistic (two classes)</source>
        <translation>逻辑回归（两类）</translation>
    </message>
    <message>
        <source>Tanh neuron</source>
        <translation>tanh 神经元</translation>
    </message>
    <message>
        <source>Sine neuron</source>
        <translation>正弦神经元</translation>
    </message>
    <message>
        <source>What turns features into a prediction ŷ; the intercept is b.</source>
        <translation>由特征得到预测 ŷ 的方式；截距为 b。</translation>
    </message>
    <message>
        <source>Mean squared error</source>
        <translation>均方误差</translation>
    </message>
    <message>
        <source>Half the mean squared error</source>
        <translation>均方误差的一半</translation>
    </message>
</context>
<context>
    <name>More</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Settings that are seldom needed</source>
        <translation>不常用的设置</translation>
    </message>
</context>
<context>
    <name>Notice</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>NumberBox</name>
    <message>
        <source>“{text}” is not a number.</source>
        <translation>“{text}”不是数字。</translation>
    </message>
    <message>
        <source>{name} must be a whole number from {low} to {high}.</source>
        <translation>{name}：须为 {low} 到 {high} 的整数。</translation>
    </message>
    <message>
        <source>{name} must be above {low} and at most {high}.</source>
        <translation>{name}：须大于 {low} 且不超过 {high}。</translation>
    </message>
    <message>
        <source>{name} must be between {low} and {high}.</source>
        <translation>{name}：须在 {low} 到 {high} 之间。</translation>
    </message>
</context>
<context>
    <name>NumbersPanel</name>
    <message>
        <source>Iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Own units</source>
        <translation>原始单位</translation>
    </message>
    <message>
        <source>now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>training</source>
        <translation>训练集</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>验证集</translation>
    </message>
    <message>
        <source>with penalty</source>
        <translation>含惩罚项</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>truth</source>
        <translation>真值</translation>
    </message>
    <message>
        <source>Distance to</source>
        <translation>差距</translation>
    </message>
    <message>
        <source>Iteration {row}</source>
        <translation>迭代 {row}</translation>
    </message>
    <message>
        <source>learning rate η = {rate}</source>
        <translation>学习率 η = {rate}</translation>
    </message>
    <message>
        <source>full batch · {n} points</source>
        <translation>全批量 · {n} 个点</translation>
    </message>
    <message>
        <source>epoch {epoch} · batch {batch} of {batches} · {size} points</source>
        <translation>第 {epoch} 轮 · 第 {batch}/{batches} 批 · {size} 个点</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>已发散</translation>
    </message>
    <message>
        <source>unstable</source>
        <translation>不稳定</translation>
    </message>
    <message>
        <source>unstable: stable below η = {limit}</source>
        <translation>不稳定：稳定上限 η = {limit}</translation>
    </message>
    <message>
        <source>stable below η = {limit}</source>
        <translation>稳定上限 η = {limit}</translation>
    </message>
    <message>
        <source>Numbers of the iteration</source>
        <translation>本次迭代的数值</translation>
    </message>
    <message>
        <source>Copy numbers</source>
        <translation>复制数值</translation>
    </message>
</context>
<context>
    <name>OpenDataDialog</name>
    <message>
        <source>Open a table</source>
        <translation>打开表格</translation>
    </message>
    <message>
        <source>{file} · {n} rows</source>
        <translation>{file} · {n} 行</translation>
    </message>
    <message>
        <source>Features x</source>
        <translation>特征 x</translation>
    </message>
    <message>
        <source>Target y</source>
        <translation>目标 y</translation>
    </message>
    <message>
        <source>First rows of the table</source>
        <translation>表格的前几行</translation>
    </message>
    <message>
        <source>Points of the chosen columns</source>
        <translation>所选列的数据点</translation>
    </message>
</context>
<context>
    <name>OptimizerPanel</name>
    <message>
        <source>Above {limit} every step overshoots further, and the loss grows.</source>
        <translation>超过 {limit} 时，每一步都冲得更远，损失不断增大。</translation>
    </message>
    <message>
        <source>Fastest for gradient descent: {rate}. Click to take it.</source>
        <translation>梯度下降最快的学习率：{rate}。单击采用。</translation>
    </message>
    <message>
        <source>The limit of stability: {rate}. Click to take the rate just below.</source>
        <translation>稳定上限：{rate}。单击采用略低于它的值。</translation>
    </message>
    <message>
        <source>Optimizer</source>
        <translation>优化器</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Gradient descent</source>
        <translation>梯度下降</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量法</translation>
    </message>
    <message>
        <source>Nesterov momentum</source>
        <translation>Nesterov 动量法</translation>
    </message>
    <message>
        <source>AdaGrad</source>
        <translation>AdaGrad</translation>
    </message>
    <message>
        <source>RMSProp</source>
        <translation>RMSProp</translation>
    </message>
    <message>
        <source>Adam</source>
        <translation>Adam</translation>
    </message>
    <message>
        <source>AdamW</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>Newton&apos;s method</source>
        <translation>牛顿法</translation>
    </message>
    <message>
        <source>unstable</source>
        <translation>不稳定</translation>
    </message>
    <message>
        <source>Click a rate to take it. κ is the condition number: how many times steeper the surface curves in one direction than in another.</source>
        <translation>单击学习率即可采用。κ 是条件数：曲面在最弯曲方向上的曲率是最平缓方向上的多少倍。</translation>
    </message>
</context>
<context>
    <name>Panel</name>
    <message>
        <source>Data and fit</source>
        <translation>数据与拟合</translation>
    </message>
    <message>
        <source>Loss surface</source>
        <translation>损失曲面</translation>
    </message>
    <message>
        <source>Loss surface in 3-D</source>
        <translation>三维损失曲面</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Cross-sections</source>
        <translation>截面</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>This step</source>
        <translation>这一步</translation>
    </message>
    <message>
        <source>Conditioning</source>
        <translation>条件数</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Three feature scales</source>
        <translation>三种特征尺度</translation>
    </message>
</context>
<context>
    <name>PanelButtons</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Back to all panels</source>
        <translation>返回全部面板</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>放大</translation>
    </message>
</context>
<context>
    <name>PredictionInput</name>
    <message>
        <source>A value of {feature}: what does the model predict there?</source>
        <translation>{feature} 的一个值：模型在此处预测多少？</translation>
    </message>
    <message>
        <source>extrapolation</source>
        <translation>外推</translation>
    </message>
</context>
<context>
    <name>RangesPopup</name>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>{name} from</source>
        <translation>{name} 下限</translation>
    </message>
    <message>
        <source>{name} to</source>
        <translation>{name} 上限</translation>
    </message>
    <message>
        <source>from</source>
        <translation>从</translation>
    </message>
    <message>
        <source>to</source>
        <translation>到</translation>
    </message>
    <message>
        <source>{name} must go from a smaller to a larger number.</source>
        <translation>{name} 的范围必须从较小的数到较大的数。</translation>
    </message>
</context>
<context>
    <name>RateLinks</name>
    <message>
        <source>fastest {rate}</source>
        <translation>最快 {rate}</translation>
    </message>
    <message>
        <source>stable below {rate}</source>
        <translation>稳定上限 {rate}</translation>
    </message>
</context>
<context>
    <name>ResultsPanel</name>
    <message>
        <source>Results of the runs</source>
        <translation>各运行的结果</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy as CSV</source>
        <translation>复制为 CSV</translation>
    </message>
</context>
<context>
    <name>RightColumn</name>
    <message>
        <source>Hide the column</source>
        <translation>隐藏右侧栏</translation>
    </message>
</context>
<context>
    <name>RunsPanel</name>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Put a copy of the selected run beside it</source>
        <translation>在旁边放一个所选运行的副本</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the selected run</source>
        <translation>移除所选运行</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Replace all runs by some that differ in one thing</source>
        <translation>用只有一处不同的若干运行替换全部运行</translation>
    </message>
    <message>
        <source>all points</source>
        <translation>全部点</translation>
    </message>
    <message>
        <source>start {values}</source>
        <translation>起点 {values}</translation>
    </message>
</context>
<context>
    <name>ScaleHeading</name>
    <message>
        <source>every feature times 10</source>
        <translation>每个特征乘以 10</translation>
    </message>
    <message>
        <source>the features as they are</source>
        <translation>原样的特征</translation>
    </message>
    <message>
        <source>mean {mean} · sd {sd}</source>
        <translation>均值 {mean} · 标准差 {sd}</translation>
    </message>
    <message>
        <source>Of the training part: {each}</source>
        <translation>训练集的：{each}</translation>
    </message>
    <message>
        <source>diverges at iteration {n}</source>
        <translation>在第 {n} 次迭代发散</translation>
    </message>
    <message>
        <source>never settles: above the limit</source>
        <translation>无法稳定：超过上限</translation>
    </message>
    <message>
        <source>does not come down in {n} steps</source>
        <translation>{n} 步内没有下降</translation>
    </message>
    <message>
        <source>zig-zags, not there after {n} steps</source>
        <translation>来回摆动，{n} 步后仍未到达</translation>
    </message>
    <message>
        <source>converges, not there after {n} steps</source>
        <translation>正在收敛，{n} 步后仍未到达</translation>
    </message>
    <message>
        <source>starts at the optimum</source>
        <translation>从最优点开始</translation>
    </message>
    <message>
        <source>arrives in one step</source>
        <translation>一步到达</translation>
    </message>
    <message>
        <source>zig-zags for {n} steps</source>
        <translation>来回摆动 {n} 步后到达</translation>
    </message>
    <message>
        <source>converges in {n} steps</source>
        <translation>{n} 步收敛</translation>
    </message>
    <message>
        <source>stable below {limit}</source>
        <translation>稳定上限 {limit}</translation>
    </message>
    <message>
        <source>fastest {rate}</source>
        <translation>最快 {rate}</translation>
    </message>
</context>
<context>
    <name>ScalesView</name>
    <message>
        <source>original</source>
        <translation>原始</translation>
    </message>
    <message>
        <source>× 10</source>
        <translation>× 10</translation>
    </message>
    <message>
        <source>standardised</source>
        <translation>标准化</translation>
    </message>
    <message>
        <source>Three feature scales</source>
        <translation>三种特征尺度</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>计算中…</translation>
    </message>
    <message>
        <source>Learning rate on all three</source>
        <translation>三者共用的学习率</translation>
    </message>
    <message>
        <source>As the run</source>
        <translation>与运行相同</translation>
    </message>
    <message>
        <source>Take the learning rate of the run again</source>
        <translation>重新采用运行的学习率</translation>
    </message>
    <message>
        <source>Equal ranges</source>
        <translation>相同范围</translation>
    </message>
    <message>
        <source>Show all three surfaces over the same ranges, or each over its own</source>
        <translation>三个曲面使用相同范围，或各用各的范围</translation>
    </message>
</context>
<context>
    <name>ScatterPlot</name>
    <message>
        <source>{feature} × 10</source>
        <translation>{feature} × 10</translation>
    </message>
    <message>
        <source>{feature} standardised</source>
        <translation>标准化的 {feature}</translation>
    </message>
    <message>
        <source>{shown} of {n} points</source>
        <translation>显示 {shown} 个点，共 {n} 个</translation>
    </message>
</context>
<context>
    <name>SectionPlot</name>
    <message>
        <source>{loss} with penalty</source>
        <translation>含惩罚的 {loss}</translation>
    </message>
    <message>
        <source>(batch {slope})</source>
        <translation>（批次 {slope}）</translation>
    </message>
    <message>
        <source>(exact {slope})</source>
        <translation>（精确值 {slope}）</translation>
    </message>
    <message>
        <source>overshoots: L = {loss}</source>
        <translation>越过谷底且更高：L = {loss}</translation>
    </message>
    <message>
        <source>lands at L = {loss}</source>
        <translation>落在 L = {loss}</translation>
    </message>
    <message>
        <source>joint step: L = {loss}</source>
        <translation>同时更新：L = {loss}</translation>
    </message>
</context>
<context>
    <name>SectionsView</name>
    <message>
        <source>Loss along {parameter}</source>
        <translation>沿 {parameter} 的损失</translation>
    </message>
    <message>
        <source>Cross-sections</source>
        <translation>截面</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Cut through the run&apos;s current point again</source>
        <translation>重新截过运行的当前点</translation>
    </message>
    <message>
        <source>The line whose slope is the gradient</source>
        <translation>斜率就是梯度的直线</translation>
    </message>
    <message>
        <source>The step −η·gradient along each axis, and where it lands</source>
        <translation>沿各轴走一步 −η·梯度，以及落点</translation>
    </message>
    <message>
        <source>The finite difference: drag its corner, or use the arrow keys, and see the quotient come to the gradient as the triangle gets narrower</source>
        <translation>有限差分：拖动三角形的角（或用方向键），三角形越窄，差商越接近梯度</translation>
    </message>
    <message>
        <source>Show the curve close to the point, where it looks like its tangent</source>
        <translation>显示该点附近的曲线，那里它看起来就像自己的切线</translation>
    </message>
    <message>
        <source>Tangent</source>
        <translation>切线</translation>
    </message>
    <message>
        <source>Jump</source>
        <translation>跳步</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差商</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>放大</translation>
    </message>
    <message>
        <source>The parameter along the horizontal axis</source>
        <translation>横轴上的参数</translation>
    </message>
</context>
<context>
    <name>SeedField</name>
    <message>
        <source>New seed</source>
        <translation>换种子</translation>
    </message>
</context>
<context>
    <name>Spec</name>
    <message>
        <source>Learning rate</source>
        <translation>学习率</translation>
    </message>
    <message>
        <source>How far one update goes along the negative gradient. Too small crawls, too large overshoots; above the stability limit every step makes things worse.</source>
        <translation>每次更新沿负梯度方向走多远。太小则进展缓慢，太大则冲过最低点；超过稳定上限就会越走越糟。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>动量</translation>
    </message>
    <message>
        <source>Share of the previous velocity that is kept: v ← μ·v + ∇L. It carries the descent along flat valleys, and past the optimum.</source>
        <translation>保留前一步速度的比例：v ← μ·v + ∇L。它使下降沿平坦的谷底加快，也会冲过最优点。</translation>
    </message>
    <message>
        <source>Decay of the mean</source>
        <translation>一阶矩衰减</translation>
    </message>
    <message>
        <source>How slowly the running mean of the gradient forgets.</source>
        <translation>梯度的滑动平均遗忘得有多慢：越接近 1 越慢。</translation>
    </message>
    <message>
        <source>Decay of the square</source>
        <translation>二阶矩衰减</translation>
    </message>
    <message>
        <source>How slowly the running mean of the squared gradient forgets.</source>
        <translation>梯度平方的滑动平均遗忘得有多慢：越接近 1 越慢。</translation>
    </message>
    <message>
        <source>Epsilon</source>
        <translation>小常数</translation>
    </message>
    <message>
        <source>Added to the denominator so that it is never zero.</source>
        <translation>加在分母上，使其不为零。</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>平滑系数</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>权重衰减</translation>
    </message>
    <message>
        <source>Adds λ·θ to the gradient of every parameter and so pulls them towards zero.</source>
        <translation>给每个参数的梯度加上 λ·θ，从而把参数拉向零。</translation>
    </message>
    <message>
        <source>Shrinks every parameter by the share η·λ at each update, apart from the gradient.</source>
        <translation>每次更新把各参数缩小 η·λ 的比例，不经过梯度。</translation>
    </message>
    <message>
        <source>Share of the way to the optimum of the quadratic that fits the surface here; 1 goes all the way, from 2 on it overshoots for ever.</source>
        <translation>朝曲面在此处的二次近似的最优点走过多大比例的路程：取 1 一步到位，取 2 及以上则总是冲过头。</translation>
    </message>
    <message>
        <source>Mini-batch</source>
        <translation>小批量</translation>
    </message>
    <message>
        <source>Points that one update sees: 1 is stochastic gradient descent, all of them the full batch. Another size acts from the next epoch on.</source>
        <translation>每次更新用到的点数：1 即随机梯度下降，全部即全批量。改变大小后从下一轮（epoch）起生效。</translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>迭代次数</translation>
    </message>
    <message>
        <source>The run stops after this many updates.</source>
        <translation>更新这么多次后停止。</translation>
    </message>
    <message>
        <source>Gradient below</source>
        <translation>梯度小于</translation>
    </message>
    <message>
        <source>The run stops where the length of the training gradient falls below this.</source>
        <translation>训练集上梯度的范数小于此值时停止。</translation>
    </message>
    <message>
        <source>Loss change below</source>
        <translation>损失变化小于</translation>
    </message>
    <message>
        <source>The run stops where one update changes the loss by less than this, relative to max(1, |L|).</source>
        <translation>一次更新引起的损失变化（相对于 max(1, |L|)）小于此值时停止。</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Errors up to δ count by their square, larger ones by their size: outliers pull less.</source>
        <translation>不超过 δ 的误差按平方计，更大的按绝对值计：异常点的影响更小。</translation>
    </message>
    <message>
        <source>L2 penalty</source>
        <translation>L2 惩罚</translation>
    </message>
    <message>
        <source>Adds λ₂·Σw² to the loss and so keeps the weights small (ridge). The intercept is free.</source>
        <translation>在损失上加 λ₂·Σw²，使权重保持较小（岭回归）。截距不受惩罚。</translation>
    </message>
    <message>
        <source>L1 penalty</source>
        <translation>L1 惩罚</translation>
    </message>
    <message>
        <source>Adds λ₁·Σ|w| to the loss, which pulls small weights to exactly 0 (lasso). The intercept is free.</source>
        <translation>在损失上加 λ₁·Σ|w|，把较小的权重拉到恰好为 0（lasso）。截距不受惩罚。</translation>
    </message>
    <message>
        <source>Training share</source>
        <translation>训练集占比</translation>
    </message>
    <message>
        <source>The part of the points that the descent learns from; the rest only checks the result.</source>
        <translation>用于学习的点所占的比例；其余的点只用来检验结果。</translation>
    </message>
    <message>
        <source>Feature factor</source>
        <translation>特征倍数</translation>
    </message>
    <message>
        <source>Multiplies the feature before the model sees it, as if it were measured in another unit.</source>
        <translation>特征在交给模型之前乘以此数，相当于换了一个单位。</translation>
    </message>
    <message>
        <source>Points</source>
        <translation>点数</translation>
    </message>
    <message>
        <source>How many points are made.</source>
        <translation>生成多少个点。</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Standard deviation of the noise added to y; between classes, their overlap.</source>
        <translation>加到 y 上的噪声的标准差；对于两类数据，则是两类的重叠程度。</translation>
    </message>
    <message>
        <source>Share of the points that are lifted by ten standard deviations of y, or that have the other class.</source>
        <translation>被抬高 y 的十个标准差的点所占的比例；对于两类数据，则是换成另一类的点的比例。</translation>
    </message>
    <message>
        <source>Outliers</source>
        <translation>离群点</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>种子</translation>
    </message>
    <message>
        <source>The same seed gives the same random numbers.</source>
        <translation>相同的种子产生相同的随机数。</translation>
    </message>
    <message>
        <source>Spread</source>
        <translation>标准差</translation>
    </message>
    <message>
        <source>Standard deviation of the random start.</source>
        <translation>随机起点的标准差。</translation>
    </message>
</context>
<context>
    <name>StartPanel</name>
    <message>
        <source>As in the tutorial</source>
        <translation>与教程相同</translation>
    </message>
    <message>
        <source>Zeros</source>
        <translation>全零</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>随机</translation>
    </message>
    <message>
        <source>These values</source>
        <translation>指定值</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>From</source>
        <translation>取自</translation>
    </message>
    <message>
        <source>Where the start comes from</source>
        <translation>起点的来源</translation>
    </message>
    <message>
        <source>or click the loss surface</source>
        <translation>或单击损失曲面</translation>
    </message>
    <message>
        <source>Start from random parameters</source>
        <translation>从随机参数开始</translation>
    </message>
</context>
<context>
    <name>StepsPanel</name>
    <message>
        <source>Iteration {row}</source>
        <translation>迭代 {row}</translation>
    </message>
    <message>
        <source>Pause to see the points.</source>
        <translation>暂停后可查看各点。</translation>
    </message>
    <message>
        <source>The first {count} of {n} points.</source>
        <translation>前 {count} 个点，共 {n} 个。</translation>
    </message>
    <message>
        <source>Not yet: on to iteration {row}</source>
        <translation>尚未结束：继续迭代 {row}</translation>
    </message>
    <message>
        <source>number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>First point</source>
        <translation>第一个点</translation>
    </message>
    <message>
        <source>First point of the batch</source>
        <translation>批次中的第一个点</translation>
    </message>
    <message>
        <source>{symbol} of the first point</source>
        <translation>第一个点的 {symbol}</translation>
    </message>
    <message>
        <source>points {symbol}</source>
        <translation>点数 {symbol}</translation>
    </message>
    <message>
        <source>penalty</source>
        <translation>惩罚项</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>总和</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>stops at</source>
        <translation>停止于</translation>
    </message>
    <message>
        <source>The steps of the iteration</source>
        <translation>迭代的步骤</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Update</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>重复</translation>
    </message>
    <message>
        <source>The terms of the points</source>
        <translation>各点的项</translation>
    </message>
    <message>
        <source>The factors of the chain rule</source>
        <translation>链式法则的各因子</translation>
    </message>
    <message>
        <source>The optimizer&apos;s state</source>
        <translation>优化器的状态</translation>
    </message>
</context>
<context>
    <name>StopPanel</name>
    <message>
        <source>Stop when</source>
        <translation>停止条件</translation>
    </message>
</context>
<context>
    <name>Surface3D</name>
    <message>
        <source>Loss surface in 3-D</source>
        <translation>三维损失曲面</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Draw the heights on a logarithmic scale</source>
        <translation>高度采用对数刻度</translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation>重置视图</translation>
    </message>
    <message>
        <source>Look at the surface from the first side again</source>
        <translation>回到最初的视角</translation>
    </message>
    <message>
        <source>Drag to rotate, turn the wheel to zoom</source>
        <translation>拖动旋转，滚轮缩放</translation>
    </message>
    <message>
        <source>The surface in 3-D needs OpenGL 2.1, and there is none here.</source>
        <translation>三维曲面需要 OpenGL 2.1，此处不可用。</translation>
    </message>
    <message>
        <source>start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>truth</source>
        <translation>真值</translation>
    </message>
    <message>
        <source>slice through the current point · path and optimum at their own heights</source>
        <translation>过当前点的切片 · 路径和最优点在各自的高度</translation>
    </message>
</context>
<context>
    <name>SurfaceView</name>
    <message>
        <source>Loss surface</source>
        <translation>损失曲面</translation>
    </message>
    <message>
        <source>Reset view</source>
        <translation>重置视图</translation>
    </message>
    <message>
        <source>Show the whole path again (F)</source>
        <translation>重新显示整条路径（F）</translation>
    </message>
    <message>
        <source>Arrows</source>
        <translation>箭头</translation>
    </message>
    <message>
        <source>Show which way is downhill from the current point, and the next step</source>
        <translation>显示当前点的下坡方向和下一步</translation>
    </message>
    <message>
        <source>Directions of the curvature</source>
        <translation>曲率方向</translation>
    </message>
    <message>
        <source>Show the steepest and the flattest direction, as long as the contours reach along them; of more than two parameters those of the slice. Where no lowest point is known they are those at the current point, if the surface curves upwards there</source>
        <translation>显示最陡和最平的方向，长度与等高线沿该方向的伸展一致；参数多于两个时为截面的方向。若最低点未知，则显示当前点处的方向（前提是曲面在那里向上弯曲）</translation>
    </message>
    <message>
        <source>Ranges</source>
        <translation>范围</translation>
    </message>
    <message>
        <source>Type the ranges of the axes</source>
        <translation>输入坐标轴范围</translation>
    </message>
    <message>
        <source>The parameter along the horizontal axis</source>
        <translation>横轴上的参数</translation>
    </message>
    <message>
        <source>The parameter along the vertical axis</source>
        <translation>纵轴上的参数</translation>
    </message>
    <message>
        <source>slice through the current point · path and optimum are projections</source>
        <translation>过当前点的截面 · 路径与最优点为投影</translation>
    </message>
    <message>
        <source>{name} (intercept)</source>
        <translation>{name}（截距）</translation>
    </message>
    <message>
        <source>{name} (slope)</source>
        <translation>{name}（斜率）</translation>
    </message>
    <message>
        <source>{name} (slope of {feature})</source>
        <translation>{name}（{feature} 的斜率）</translation>
    </message>
    <message>
        <source>slice: λ</source>
        <translation>切片 λ</translation>
    </message>
    <message>
        <source>outside: {where}</source>
        <translation>图外：{where}</translation>
    </message>
    <message>
        <source>start</source>
        <translation>起点</translation>
    </message>
    <message>
        <source>truth</source>
        <translation>真值</translation>
    </message>
    <message>
        <source>next steps</source>
        <translation>后续各步</translation>
    </message>
    <message>
        <source>end of epoch 1</source>
        <translation>第 1 轮结束</translation>
    </message>
    <message>
        <source>before the change</source>
        <translation>更改之前</translation>
    </message>
    <message>
        <source>downhill −∇L</source>
        <translation>下坡方向 −∇L</translation>
    </message>
    <message>
        <source>−g of the batch</source>
        <translation>小批量的 −g</translation>
    </message>
    <message>
        <source>{loss} + penalty</source>
        <translation>{loss} + 惩罚项</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>max</source>
        <comment>as fast as it goes</comment>
        <translation>全速</translation>
    </message>
    <message>
        <source>1 step/s</source>
        <translation>1 步/秒</translation>
    </message>
    <message>
        <source>{steps} steps/s</source>
        <translation>{steps} 步/秒</translation>
    </message>
    <message>
        <source>To the start</source>
        <translation>回到起点</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>后退一步</translation>
    </message>
    <message>
        <source>One step forward</source>
        <translation>前进一步</translation>
    </message>
    <message>
        <source>To the end: compute until the run stops</source>
        <translation>直到结束：一直计算到运行停止</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>Recorded iterations: click or drag to see one again</source>
        <translation>已记录的迭代：单击或拖动即可回看</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>迭代</translation>
    </message>
    <message>
        <source>Click and type an iteration to go there</source>
        <translation>单击并输入迭代次数即可跳转</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Steps per second; the last notch is as fast as it goes</source>
        <translation>每秒步数；最右一档为全速</translation>
    </message>
</context>
<context>
    <name>Tutorial</name>
    <message>
        <source>Tutorial {number} · {title}</source>
        <translation>教程 {number} · {title}</translation>
    </message>
    <message>
        <source>Learning as parameter estimation</source>
        <translation>学习即参数估计</translation>
    </message>
    <message>
        <source>Gradient descent step by step</source>
        <translation>逐步看懂梯度下降</translation>
    </message>
    <message>
        <source>Two features and the normal equation</source>
        <translation>两个特征与正规方程</translation>
    </message>
    <message>
        <source>Batch, stochastic, mini-batch</source>
        <translation>批量、随机与小批量</translation>
    </message>
    <message>
        <source>Autograd and the chain rule</source>
        <translation>自动微分与链式法则</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>Show the column at the right</source>
        <translation>显示右侧栏</translation>
    </message>
    <message>
        <source>All panels are closed. View ▸ Panels opens them again.</source>
        <translation>所有面板都已关闭。可在“视图 ▸ 面板”中重新打开。</translation>
    </message>
</context>
<context>
    <name>_Model</name>
    <message>
        <source>First time the loss is within 1 % of its way to the optimum</source>
        <translation>损失首次进入到最优解路程最后 1 % 的时刻</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Iterations
to 1 %</source>
        <translation>到 1 % 的
迭代次数</translation>
    </message>
    <message>
        <source>Epochs
to 1 %</source>
        <translation>到 1 % 的
轮数</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>梯度</translation>
    </message>
    <message>
        <source>Gradients evaluated so far, one for each update</source>
        <translation>至今计算的梯度次数，每次更新一次</translation>
    </message>
    <message>
        <source>Points
seen</source>
        <translation>看过的
点数</translation>
    </message>
    <message>
        <source>Points that those gradients looked at</source>
        <translation>这些梯度看过的点数</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>损失</translation>
    </message>
    <message>
        <source>Training loss at the last row</source>
        <translation>最后一行的训练损失</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>距离</translation>
    </message>
    <message>
        <source>Distance to the optimum at the last row</source>
        <translation>最后一行到最优解的距离</translation>
    </message>
    <message>
        <source>converged</source>
        <translation>已收敛</translation>
    </message>
    <message>
        <source>not started</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>going</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>stalled</source>
        <translation>停滞</translation>
    </message>
    <message>
        <source>unstable</source>
        <translation>不稳定</translation>
    </message>
    <message>
        <source>diverged at {row}</source>
        <translation>在第 {row} 次发散</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Show all runs again</source>
        <translation>重新显示全部运行</translation>
    </message>
    <message>
        <source>Show this run alone</source>
        <translation>只显示此运行</translation>
    </message>
</context>
</TS>

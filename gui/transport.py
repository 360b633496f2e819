"""The bar below the plots: play, step, scrub through the recorded rows, and how fast."""

from __future__ import annotations

from math import log10

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QPointF,
    QRectF,
    QRegularExpression,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QBrush,
    QFocusEvent,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QRegularExpressionValidator,
    QShowEvent,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

import resources
from engine.live.snapshot import Snapshot
from gui.actions import ACTIONS
from gui.text import whole_number

SPEEDS: tuple[float | None, ...] = (
    *(step * 10.0**decade for decade in range(5) for step in (1, 2, 5)),
    1e5,
    None,
)
"""Steps per second at each notch of the speed slider; None is as fast as it goes."""

SHORTCUTS = {info.key: info.shortcut for info in ACTIONS}
NORMAL_SPEED = 10.0
ICON_SIZE_PX = 20
DISABLED_OPACITY = 0.3
GROOVE_PX = 4
HANDLE_PX = 16
SHORTEST_SPAN = 10
FEWEST_DIGITS = 4  # for which the row's number has room, so that the bar keeps still for long
REPEAT_DELAY_MS = 400
REPEAT_INTERVAL_MS = 80


def svg_icon(name: str, colour: str, size: int = ICON_SIZE_PX) -> QIcon:
    """One of the program's own one-colour icons.

    Parameters
    ----------
    name
        A file of ``resources/icons`` without its ending, drawn in ``#000000``.
    colour
        What takes black's place, such as ``#d0d4da``.
    size
        Side in device-independent pixels.
    """
    source = resources.path("icons", f"{name}.svg").read_text(encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(source.replace("#000000", colour).encode()))
    icon = QIcon()
    for mode, opacity in ((QIcon.Mode.Normal, 1.0), (QIcon.Mode.Disabled, DISABLED_OPACITY)):
        for ratio in (1, 2):
            icon.addPixmap(_rendered(renderer, size, ratio, opacity), mode)
    return icon


def _rendered(renderer: QSvgRenderer, size: int, ratio: int, opacity: float) -> QPixmap:
    pixmap = QPixmap(size * ratio, size * ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setOpacity(opacity)
    renderer.render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def timeline_span(head: int, ended: bool) -> int:
    """How many iterations the whole timeline stands for.

    A run that ended fills it. Before that the span grows in the coarse steps 10, 20, 50, 100, …
    so that the handle is seen moving and nothing is rescaled at every frame.
    """
    if ended:
        return max(head, 1)
    if head < SHORTEST_SPAN:
        return SHORTEST_SPAN
    decade = int(10 ** (len(str(head)) - 1))
    return decade * next(step for step in (2, 5, 10) if step * decade > head)


def nearest_notch(speed: float | None) -> int:
    """The notch of the speed slider that comes closest to a speed, on a logarithmic scale."""
    if speed is None:
        return len(SPEEDS) - 1
    return min(
        (notch for notch, value in enumerate(SPEEDS) if value is not None),
        key=lambda notch: abs(log10((SPEEDS[notch] or 1.0) / speed)),
    )


class Timeline(QSlider):
    """A slider over the recorded rows; a press anywhere on it jumps there.

    Its range is what is recorded, its groove stands for ``span`` iterations, and a stronger
    tone in it reaches as far as rows are recorded. ``valueChanged`` comes from the user only.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._span = SHORTEST_SPAN
        self.setRange(0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, cursor: int, head: int, span: int) -> None:
        """Show a row of those recorded; while the user drags, everything stays as it is."""
        if self.isSliderDown():
            return
        with QSignalBlocker(self):
            if head != self.maximum():
                self.setMaximum(head)
                self.setPageStep(max(1, head // 10))
            self.setValue(cursor)
        if span != self._span:
            self._span = span
            self.update()

    def x_of(self, row: int) -> float:
        """Where in the widget a row's handle has its middle."""
        return HANDLE_PX / 2 + (self.width() - HANDLE_PX) * row / self._span

    def _row_at(self, x: float) -> int:
        return round((x - HANDLE_PX / 2) / max(1, self.width() - HANDLE_PX) * self._span)

    def _faint(self) -> QBrush:
        return self.palette().brush(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)

    def _paint_groove(self, painter: QPainter, row: int, brush: QBrush) -> None:
        """Fill the groove from its beginning to a row."""
        radius = GROOVE_PX / 2
        first = HANDLE_PX / 2 - radius
        groove = QRectF(
            first, self.height() / 2 - radius, self.x_of(row) + radius - first, GROOVE_PX
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        painter.drawRoundedRect(groove, radius, radius)

    def _paint_handle(self, painter: QPainter) -> None:
        active = self.isSliderDown() or self.underMouse() or self.hasFocus()
        palette = self.palette()
        painter.setPen(QPen(palette.highlight() if active else self._faint(), 1))
        painter.setBrush(palette.button())
        middle = QPointF(self.x_of(self.sliderPosition()), self.height() / 2)
        painter.drawEllipse(middle, (HANDLE_PX - 1) / 2, (HANDLE_PX - 1) / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self.setSliderDown(True)
        self.setSliderPosition(self._row_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setSliderPosition(self._row_at(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        self._paint_groove(painter, self._span, palette.mid())
        self._paint_groove(painter, self.maximum(), self._faint())
        self._paint_groove(painter, self.sliderPosition(), palette.highlight())
        self._paint_handle(painter)


class RowField(QLineEdit):
    """The cursor's row as plain text that turns into a field when it is clicked.

    Enter asks for the typed row; Escape, or leaving the field, brings back the shown one.
    """

    row_entered = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("0", parent)
        self._row = 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setValidator(QRegularExpressionValidator(QRegularExpression(r"\d(,?\d){0,8}"), self))
        self.setStyleSheet(
            "QLineEdit { background: transparent; border: 1px solid transparent; padding: 1px; }"
            "QLineEdit:hover { border-color: palette(mid); }"
            "QLineEdit:focus { background: palette(base); border-color: palette(highlight); }"
        )
        self.returnPressed.connect(self._on_return)

    def show_row(self, row: int) -> None:
        """Show a row, unless the user is typing."""
        if row == self._row:
            return
        self._row = row
        if not self.hasFocus():
            self.setText(whole_number(row))

    @Slot()
    def _on_return(self) -> None:
        row = int(self.text().replace(",", ""))
        self.clearFocus()
        self.row_entered.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        was_text = not self.hasFocus() or not self.isModified()
        super().mousePressEvent(event)
        if was_text:
            self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.setText(whole_number(self._row))


class Transport(QWidget):
    """Buttons, timeline and speed; it asks, and shows what the next snapshot says.

    Signals
    -------
    play_requested, pause_requested, end_requested
        The buttons of these names; the end is the run's stop.
    step_requested(int)
        One row forward (+1) or back (−1).
    seek_requested(int)
        A recorded row of the longest run to show.
    speed_changed(object)
        Steps per second (float), or None for as fast as it goes.
    """

    play_requested = Signal()
    pause_requested = Signal()
    step_requested = Signal(int)
    seek_requested = Signal(int)
    end_requested = Signal()
    speed_changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playing = False
        self._has_icons = False
        self._play_icon, self._pause_icon = QIcon(), QIcon()
        self._head = 0
        self._digits = 0
        self._to_start = self._button("start")
        self._step_back = self._button("back", repeats=True)
        self._play = self._button("toggle")
        self._step_forward = self._button("forward", repeats=True)
        self._to_end = self._button("end")
        self._timeline = Timeline(self)
        self._row = RowField(self)
        self._last_row = QLabel("/ 0", self)
        self._speed_name = QLabel(self)
        self._speed = self._speed_slider()
        self._speed_text = QLabel(self)
        self._lay_out()
        self._connect()
        self._reserve_digits(FEWEST_DIGITS)
        self._retranslate()

    @property
    def speed(self) -> float | None:
        """Steps per second that the slider stands at; None is as fast as it goes."""
        return SPEEDS[self._speed.value()]

    def set_speed(self, speed: float | None) -> None:
        """Put the slider to the notch nearest to a speed, without a signal."""
        with QSignalBlocker(self._speed):
            self._speed.setValue(nearest_notch(speed))
        self._show_speed()

    def set_icon_colour(self, colour: str) -> None:
        """Draw the icons anew in a theme's colour, such as ``#d0d4da``."""
        self._has_icons = True
        self._play_icon = svg_icon("play", colour)
        self._pause_icon = svg_icon("pause", colour)
        self._to_start.setIcon(svg_icon("to-start", colour))
        self._step_back.setIcon(svg_icon("step-back", colour))
        self._step_forward.setIcon(svg_icon("step-forward", colour))
        self._to_end.setIcon(svg_icon("to-end", colour))
        self._show_play()

    def draw(self, snapshot: Snapshot) -> None:
        """Show where a snapshot stands; emits nothing."""
        cursor, head = snapshot.cursor, snapshot.longest
        ended = all(run.ended is not None for run in snapshot.runs)
        self._timeline.show_rows(cursor, head, timeline_span(head, ended))
        self._row.show_row(cursor)
        if head != self._head:
            self._head = head
            self._last_row.setText(f"/ {whole_number(head)}")
            self._reserve_digits(len(str(head)))
        if snapshot.playing != self._playing:
            self._playing = snapshot.playing
            self._show_play()
        self._enable(snapshot)

    def _enable(self, snapshot: Snapshot) -> None:
        behind = snapshot.cursor > 0
        ahead = not snapshot.is_over
        self._to_start.setEnabled(behind)
        self._step_back.setEnabled(behind)
        self._play.setEnabled(ahead or behind)  # at the end it shows all of it again
        self._step_forward.setEnabled(ahead)
        self._to_end.setEnabled(ahead)

    def _button(self, action: str, repeats: bool = False) -> QToolButton:
        """A button that does what an action of the menus does, and names its keys."""
        button = QToolButton(self)
        button.setObjectName(action)
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the space bar stays with play and pause
        button.setIconSize(QSize(ICON_SIZE_PX, ICON_SIZE_PX))
        button.setAutoRepeat(repeats)
        button.setAutoRepeatDelay(REPEAT_DELAY_MS)
        button.setAutoRepeatInterval(REPEAT_INTERVAL_MS)
        return button

    def _speed_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, len(SPEEDS) - 1)
        slider.setPageStep(3)  # a factor of ten
        slider.setValue(nearest_notch(NORMAL_SPEED))
        slider.setFixedWidth(100)
        return slider

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(4)
        for button in self.findChildren(QToolButton):
            layout.addWidget(button)
        layout.addSpacing(4)
        layout.addWidget(self._timeline, 1)
        layout.addLayout(self._position_layout())
        layout.addSpacing(8)
        layout.addWidget(self._speed_name)
        layout.addWidget(self._speed)
        layout.addWidget(self._speed_text)

    def _position_layout(self) -> QHBoxLayout:
        layout = QHBoxLayout()
        layout.setSpacing(0)
        layout.addWidget(self._row)
        layout.addWidget(self._last_row)
        self._last_row.setFixedHeight(self._row.sizeHint().height())  # one base line for both
        return layout

    def _connect(self) -> None:
        self._to_start.clicked.connect(self._on_to_start)
        self._step_back.clicked.connect(self._on_step_back)
        self._play.clicked.connect(self._on_play)
        self._step_forward.clicked.connect(self._on_step_forward)
        self._to_end.clicked.connect(self._on_to_end)
        self._timeline.valueChanged.connect(self.seek_requested)
        self._row.row_entered.connect(self._on_row_entered)
        self._speed.valueChanged.connect(self._on_speed_changed)

    def _reserve_digits(self, digits: int) -> None:
        """Give the two numbers room for so many digits, so that they never push the timeline."""
        digits = max(digits, FEWEST_DIGITS)
        if digits == self._digits:
            return
        self._digits = digits
        metrics = self.fontMetrics()
        widest = whole_number(10**digits - 1)
        self._row.setFixedWidth(metrics.horizontalAdvance(widest) + 10)
        self._last_row.setFixedWidth(metrics.horizontalAdvance(f"/ {widest}") + 4)

    def _show_play(self) -> None:
        text = self.tr("Pause") if self._playing else self.tr("Play")
        self._play.setIcon(self._pause_icon if self._playing else self._play_icon)
        self._describe(self._play, text)

    def _describe(self, button: QToolButton, text: str) -> None:
        keys = QKeySequence(SHORTCUTS[button.objectName()])
        button.setAccessibleName(text)
        button.setToolTip(f"{text} ({keys.toString(QKeySequence.SequenceFormat.NativeText)})")

    def _speed_label(self, speed: float | None) -> str:
        if speed is None:
            return self.tr("max", "as fast as it goes")
        if speed == 1:
            return self.tr("1 step/s")
        return self.tr("{steps} steps/s").format(steps=whole_number(round(speed)))

    def _show_speed(self) -> None:
        self._speed_text.setText(self._speed_label(self.speed))

    def _retranslate(self) -> None:
        self._describe(self._to_start, self.tr("To the start"))
        self._describe(self._step_back, self.tr("One step back"))
        self._describe(self._step_forward, self.tr("One step forward"))
        self._describe(self._to_end, self.tr("To the end: compute until the run stops"))
        self._timeline.setAccessibleName(self.tr("Timeline"))
        self._timeline.setToolTip(self.tr("Recorded iterations: click or drag to see one again"))
        self._row.setAccessibleName(self.tr("Iteration"))
        self._row.setToolTip(self.tr("Click and type an iteration to go there"))
        self._speed_name.setText(self.tr("Speed"))
        self._speed.setAccessibleName(self.tr("Speed"))
        self._speed.setToolTip(self.tr("Steps per second; the last notch is as fast as it goes"))
        widths = map(self.fontMetrics().horizontalAdvance, map(self._speed_label, SPEEDS))
        self._speed_text.setFixedWidth(max(widths) + 4)
        self._show_speed()

    @Slot()
    def _on_to_start(self) -> None:
        self.seek_requested.emit(0)

    @Slot()
    def _on_step_back(self) -> None:
        self.step_requested.emit(-1)

    @Slot()
    def _on_play(self) -> None:
        if self._playing:
            self.pause_requested.emit()
        else:
            self.play_requested.emit()

    @Slot()
    def _on_step_forward(self) -> None:
        self.step_requested.emit(1)

    @Slot()
    def _on_to_end(self) -> None:
        self.end_requested.emit()

    @Slot(int)
    def _on_row_entered(self, row: int) -> None:
        self.seek_requested.emit(min(row, self._head))

    @Slot(int)
    def _on_speed_changed(self, notch: int) -> None:
        self._show_speed()
        self.speed_changed.emit(SPEEDS[notch])

    def showEvent(self, event: QShowEvent) -> None:
        if not self._has_icons:  # nobody named a colour
            self.set_icon_colour(self.palette().color(QPalette.ColorRole.WindowText).name())
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
            self._show_play()

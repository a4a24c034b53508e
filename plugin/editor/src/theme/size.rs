//! Sizes in points.

/// The window when it opens for the first time.
pub const WINDOW: [f32; 2] = [900.0, 560.0];
/// The smallest window in which nothing important is cut off.
pub const WINDOW_LEAST: [f32; 2] = [480.0, 320.0];

/// The sizes of text that one can choose, in per cent; what is around it grows with it.
pub const TEXT_PERCENT: [u16; 6] = [100, 125, 150, 175, 200, 250];

/// Text that is read.
pub const TEXT: f32 = 13.0;
/// Text beside what is read.
pub const TEXT_SMALL: f32 = 11.5;
/// The product's name and the title of an empty window.
pub const TEXT_TITLE: f32 = 15.0;
/// Times in the transcript; the monospaced letters look larger than the others at the same size.
pub const TEXT_FIGURES: f32 = 12.0;
/// Times on the ruler.
pub const TEXT_RULER: f32 = 10.5;
/// Text on the lanes.
pub const TEXT_LANE: f32 = 10.5;

/// The thinnest line.
pub const HAIRLINE: f32 = 1.0;
/// Between two things.
pub const GAP: f32 = 6.0;
/// Between the window's edge and what is in it.
pub const EDGE: f32 = 10.0;
/// How round corners are.
pub const RADIUS: u8 = 3;
/// How far a popup's shadow falls.
pub const SHADOW: i8 = 4;

/// The header's first row: name and buttons.
pub const HEADER: f32 = 36.0;
/// The header's second row: what it is doing.
pub const DOING: f32 = 26.0;
/// The least room for the names of track and model.
pub const ABOUT: f32 = 48.0;
/// The strip with which one finds and filters.
pub const FIND: f32 = 28.0;
/// The status line.
pub const STATUS: f32 = 24.0;
/// The dot before what it is doing.
pub const DOT: f32 = 4.0;
/// A button's height.
pub const BUTTON_HEIGHT: f32 = 22.0;
/// A button's space left and right of its text.
pub const BUTTON_PADDING: f32 = 9.0;
/// The triangle that says that a button opens a menu.
pub const TRIANGLE: f32 = 4.0;
/// The column of names on the export page.
pub const LABEL: f32 = 52.0;
/// A menu's width.
pub const MENU_WIDTH: f32 = 300.0;
/// The part of the window's height that a menu takes at most; what is longer is scrolled.
pub const MENU_PART: f32 = 0.65;
/// How many choices stand beside each other; more are a menu.
pub const FEW_CHOICES: usize = 8;
/// A menu's margin.
pub const MENU_MARGIN: i8 = 6;
/// A scroll bar's width.
pub const SCROLL_BAR: f32 = 8.0;
/// How much of the window is hidden behind what is said over all of it.
pub const VEIL: f32 = 0.9;
/// A banner's least height.
pub const BANNER: f32 = 28.0;
/// The line that says how much of a backlog is worked off.
pub const PROGRESS: f32 = 2.0;
/// The largest part of the window that banners may take.
pub const BANNERS_PART: f32 = 0.25;

/// The part of the window that the timeline takes.
pub const TIMELINE_PART: f32 = 0.3;
/// The least height of the timeline.
pub const TIMELINE_LEAST: f32 = 112.0;
/// The greatest height of the timeline.
pub const TIMELINE_MOST: f32 = 320.0;
/// The ruler's height.
pub const RULER: f32 = 18.0;
/// A small tick's height.
pub const SMALL_TICK: f32 = 4.0;
/// The class lane's height.
pub const CLASS_LANE: f32 = 15.0;
/// The height of the lane of what plays.
pub const ROLE_LANE: f32 = 14.0;
/// The height of the lane of how loud it is.
pub const LOUDNESS_LANE: f32 = 18.0;
/// The loudness at the bottom and at the top of its lane, in LUFS.
pub const LOUDNESS_SPAN: [f32; 2] = [-60.0, 0.0];
/// The utterance lane's height.
pub const UTTERANCE_LANE: f32 = 18.0;
/// The distance of a pattern's lines.
pub const PATTERN: f32 = 6.0;
/// How strongly a pattern shows on its colour.
pub const PATTERN_STRENGTH: f32 = 0.35;
/// How near to a mark a click still means it; also the flag's size.
pub const FLAG: f32 = 6.0;
/// The least room for the words "not analysed".
pub const GAP_NAME: f32 = 76.0;
/// How quiet sound is lifted in the waveform: the exponent of the linear peak.
pub const WAVE_CURVE: f32 = 0.6;
/// The playhead's and a chosen mark's width.
pub const PLAYHEAD: f32 = 1.5;
/// How much a turn of the wheel zooms: this many points double.
pub const ZOOM_DOUBLING: f64 = 120.0;
/// How much a click on a zoom button zooms.
pub const ZOOM_STEP: f64 = 2.0;

/// Space above and below a row's text.
pub const ROW_PADDING: f32 = 3.0;
/// The column of a row's letter that says who made it.
pub const SIGN: f32 = 20.0;
/// The width of a figure of [`TEXT_FIGURES`].
pub const FIGURE: f32 = 7.3;
/// For how many figures the column of times has room at least.
pub const LEAST_FIGURES: usize = 7;
/// A colour to choose from.
pub const SWATCH: f32 = 16.0;
/// The column of a row's right-hand button.
pub const ROW_BUTTON: f32 = 22.0;
/// The height of a line, in the height of its letters.
pub const LINE: f32 = 1.25;
/// The mean width of a letter, to guess how many lines a text takes before it is laid out.
pub const LETTER: f32 = 6.2;
/// The widest a line of transcript gets: beyond, the eye loses the next line's start.
pub const READABLE: f32 = 1_100.0;
/// How far around the visible rows others are laid out, so that scrolling finds them measured.
pub const MEASURE_AHEAD: f32 = 400.0;
/// The widest the text of an empty window gets.
pub const EMPTY_WIDTH: f32 = 420.0;

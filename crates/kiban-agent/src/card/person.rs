//! Who sits before the reader: asked on the terminal, or answered for by files and arguments where there is none.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use kaigo_card::jpki::{AskPin, TriesLeft};
use kaigo_card::pin::Pin;
use zeroize::Zeroize as _;

use super::Stop;

/// Bytes of a file with a code or a PIN at most.
const MOST: u64 = 256;

/// Tells and asks.
pub(crate) trait Asks {
    /// Tells a line.
    fn tell(&mut self, text: &str);

    /// Asks for a line; empty if there is nobody to ask.
    fn ask(&mut self, question: &str) -> String;

    /// Asks for something that must not be seen.
    fn ask_hidden(&mut self, question: &str) -> Option<String>;

    /// Whether there is somebody to ask.
    fn is_there(&self) -> bool;
}

/// The terminal in which the program runs.
pub(crate) struct Console;

impl Console {
    pub(crate) fn new() -> Self {
        Self
    }
}

impl Asks for Console {
    fn tell(&mut self, text: &str) {
        // Nobody to tell is no reason to stop.
        drop(writeln!(io::stdout(), "{text}"));
    }

    fn ask(&mut self, question: &str) -> String {
        if !self.is_there() {
            return String::new();
        }
        let mut out = io::stdout();
        drop(write!(out, "{question}"));
        drop(out.flush());
        let mut line = String::new();
        drop(io::stdin().read_line(&mut line));
        line.trim().to_owned()
    }

    fn ask_hidden(&mut self, question: &str) -> Option<String> {
        if self.is_there() { rpassword::prompt_password(question).ok() } else { None }
    }

    fn is_there(&self) -> bool {
        io::stdin().is_terminal()
    }
}

/// The first line of a file, or of the standard input for `-`.
pub(crate) fn first_line(path: &Path) -> Result<String, Stop> {
    let failed = |error: io::Error| Stop::Usage(format!("{} を読めません：{error}", path.display()));
    let mut line = String::new();
    if path == Path::new("-") {
        io::stdin().lock().take(MOST).read_line(&mut line).map_err(failed)?;
    } else {
        BufReader::new(File::open(path).map_err(failed)?).take(MOST).read_line(&mut line).map_err(failed)?;
    }
    Ok(line)
}

/// Asks for the PIN when the card wants it.
pub(crate) struct Holder<'a, A> {
    /// Tells and asks.
    pub(crate) asks: &'a mut A,
    /// Where the PIN comes from instead.
    pub(crate) pin_from: Option<PathBuf>,
    /// The last try may be used without asking.
    pub(crate) last_try: bool,
}

impl<A: Asks> AskPin for Holder<'_, A> {
    fn pin(&mut self, tries: TriesLeft) -> Option<Pin> {
        self.asks.tell(&format!("暗証番号は、あと{}回ためせます。", tries.0));
        let mut typed = match &self.pin_from {
            Some(path) => first_line(path).ok()?,
            None => self.asks.ask_hidden("ご本人が暗証番号（4けた）を入れてください。何も入れないと、やめます：")?,
        };
        let pin = Pin::parse(&typed);
        typed.zeroize();
        pin
    }

    fn go_on_with_last_try(&mut self) -> bool {
        self.asks.tell(
            "暗証番号は、あと1回しかためせません。まちがえると、カードはロックされ、市区町村の窓口でしか解除できません。",
        );
        self.last_try || self.asks.ask("それでも続けますか。続けるときは「はい」と入れてください：") == "はい"
    }
}

//! An address as a QR code of characters, for the camera of a phone: two modules of the code, one
//! above the other, are one character.

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

/// More characters than a sign-in address has; a code of more fills the screen.
const LONGEST: usize = 512;

/// Black on white, whatever the terminal's own colours are.
const PAPER: &str = "\x1b[30;107m";
const AS_BEFORE: &str = "\x1b[0m";

/// The code of `text`, a line end after each of its lines; `None` where it would be too large to be
/// of use. Without colour it is drawn for light characters on a dark ground, as most terminals have
/// it; phones read it the other way round as well.
#[must_use]
pub fn render(text: &str, colour: bool) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let code = QrCode::new(text).ok()?;
    let mut drawn = code.render::<Dense1x2>();
    if !colour {
        drawn
            .dark_color(Dense1x2::Light)
            .light_color(Dense1x2::Dark);
    }
    let drawn = drawn.quiet_zone(true).build();
    let line = |line: &str| match colour {
        true => format!("{PAPER}{line}{AS_BEFORE}\n"),
        false => format!("{line}\n"),
    };
    Some(drawn.lines().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of a drawn code, true for dark, by what each character means on a dark ground.
    fn modules(drawn: &str) -> Vec<Vec<bool>> {
        let halves = |c: char| match c {
            '█' => (false, false),
            '▀' => (false, true),
            '▄' => (true, false),
            _ => (true, true),
        };
        drawn
            .lines()
            .flat_map(|line| {
                let (upper, lower): (Vec<_>, Vec<_>) = line.chars().map(halves).unzip();
                [upper, lower]
            })
            .collect()
    }

    #[test]
    fn the_drawing_is_the_code() {
        let text = "https://device.sso.eu-west-1.amazonaws.com/?user_code=ABCD-EFGH";
        let code = QrCode::new(text).unwrap();
        let width = code.width();
        let drawn = modules(&render(text, false).unwrap());
        for y in 0..width {
            for x in 0..width {
                let dark = code[(x, y)] == qrcode::Color::Dark;
                // The quiet zone is four modules wide.
                assert_eq!(drawn[y + 4][x + 4], dark, "{x} {y}");
            }
        }
        assert!(drawn[0].iter().all(|dark| !dark), "the quiet zone is light");
    }

    #[test]
    fn colour_is_black_on_white_and_ends_with_each_line() {
        let drawn = render("x", true).unwrap();
        for line in drawn.lines() {
            assert!(line.starts_with(PAPER) && line.ends_with(AS_BEFORE));
        }
        assert!(render(&"x".repeat(LONGEST + 1), true).is_none());
    }
}

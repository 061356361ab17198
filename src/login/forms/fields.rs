//! Whose field is whose: by what the configuration says, by what browsers go by (`type`,
//! `autocomplete`), and then by name. Never by the text of a page, which comes in every language.

use super::words::{
    USER_RANKS, is_code, is_named_code, is_one_time_code, is_something_else, user_rank,
};
use crate::format::html::{Control, ControlKind, Form};
use crate::model::FormFields;

/// The fields of one form that somebody must fill in, as places among its controls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sheet {
    pub(super) username: Option<usize>,
    pub(super) password: Option<usize>,
    pub(super) code: Option<usize>,
    /// Radio buttons of one name: the device that the code is of.
    pub(super) devices: Vec<usize>,
    /// Selects that somebody must choose from.
    pub(super) selects: Vec<usize>,
    /// Whether it also wants what only a person at a browser can give: the letters of a picture, a tick.
    pub(super) captcha: bool,
}

const SEARCH: [&str; 3] = ["q", "query", "search"];

/// What a form asks for; `None` where nothing of a login. `signed_in` where user name and password were
/// given already: then the one field of a form is a code, whatever its name.
pub(super) fn sheet(form: &Form, said: &FormFields, signed_in: bool) -> Option<Sheet> {
    // What the file says comes first, and is not guessed at again.
    let password = named(form, said.password.as_deref());
    let code = named(form, said.code.as_deref());
    let mut open = Open::of(form);
    let is_only_one = open.is_one();
    // Products that number their fields give the code the name that the user name had.
    let username = named(form, said.username.as_deref()).filter(|_| !(signed_in && is_only_one));
    open.without([password, code, username]);

    let password = password.or_else(|| open.password(signed_in));
    open.without([password]);
    let code = code.or_else(|| open.code(password));
    open.without([code]);
    let username = username.or_else(|| open.username(password));
    open.without([username]);
    let code = code.or_else(|| open.lone().filter(|_| signed_in && is_only_one));

    (username.or(password).or(code).is_some()).then(|| Sheet {
        username,
        password,
        code,
        devices: code.map(|_| radios(form)).unwrap_or_default(),
        selects: open_selects(form),
        captcha: wants_a_person(form),
    })
}

fn open_selects(form: &Form) -> Vec<usize> {
    let all = selects(form).into_iter();
    all.filter(|at| form.controls.get(*at).is_some_and(is_left_open))
        .collect()
}

fn wants_a_person(form: &Form) -> bool {
    let mut controls = form.controls.iter();
    form.captcha || controls.any(|c| is_captcha(c) || is_solution(c))
}

/// The user name of a page that asks for nothing else, by whatever name: one field of text and one button.
pub(super) fn lone_username(form: &Form) -> Option<Sheet> {
    let open = Open::of(form);
    let only = open.lone().filter(|_| form.submits.len() == 1);
    let is_text = |at: &usize| {
        let control = form.controls.get(*at);
        control.is_some_and(|c| c.kind == ControlKind::Text && !c.concealed)
    };
    only.filter(is_text).map(|at| Sheet {
        username: Some(at),
        selects: open_selects(form),
        captcha: wants_a_person(form),
        ..Sheet::default()
    })
}

/// The field that the file names. It may be a hidden one, which a script would fill; not where the page
/// has filled it.
fn named(form: &Form, name: Option<&str>) -> Option<usize> {
    let name = name?;
    let fits = |c: &Control| {
        c.sent && !c.name.is_empty() && (c.name == name || c.id == name) && takes_text(c)
    };
    let is_hidden = |c: &Control| c.kind == ControlKind::Hidden;
    let find = |is: &dyn Fn(&Control) -> bool| form.controls.iter().position(is);
    find(&|c| fits(c) && !is_hidden(c))
        .or_else(|| find(&|c| fits(c) && is_hidden(c) && c.value.is_empty()))
}

fn takes_text(control: &Control) -> bool {
    matches!(
        control.kind,
        ControlKind::Text | ControlKind::Password | ControlKind::Hidden
    )
}

/// The fields of a form that are not yet anybody's. What the page hides is a trap, or is for whoever keeps
/// passwords and for a later page, unless there is nothing else.
struct Open<'a>(Vec<(usize, &'a Control)>);

impl<'a> Open<'a> {
    fn of(form: &'a Form) -> Self {
        let all = form.controls.iter().enumerate();
        let mut open: Vec<_> = all.filter(|(_, control)| is_open(control)).collect();
        if open.iter().any(|(_, control)| !control.concealed) {
            open.retain(|(_, control)| !control.concealed);
        }
        Self(open)
    }

    fn without<const N: usize>(&mut self, taken: [Option<usize>; N]) {
        self.0.retain(|(at, _)| !taken.contains(&Some(*at)));
    }

    fn first(&self, is: impl Fn(usize, &Control) -> bool) -> Option<usize> {
        let mut all = self.0.iter();
        all.find(|(at, c)| is(*at, c)).map(|(at, _)| *at)
    }

    fn shown(&self) -> impl Iterator<Item = &(usize, &'a Control)> {
        self.0.iter().filter(|(_, c)| !c.concealed)
    }

    fn is_one(&self) -> bool {
        self.shown().count() == 1
    }

    /// By its type, else by its name. The only field of the type before anybody has signed in is the
    /// password, were it called a PIN; not where it stands alone and is plainly called a one-time code.
    fn password(&self, signed_in: bool) -> Option<usize> {
        let is_typed = |c: &Control| c.kind == ControlKind::Password && !is_one_time_code(c);
        let typed = self.0.iter().filter(|(_, c)| is_typed(c)).count();
        let has_text = self.shown().any(|(_, c)| c.kind == ControlKind::Text);
        self.first(|_, c| is_typed(c) && !is_code(c))
            .or_else(|| {
                let is_pass = |c: &Control| c.name.to_ascii_lowercase().contains("pass");
                self.first(|_, c| c.kind == ControlKind::Text && is_pass(c) && !is_code(c))
            })
            .or_else(|| {
                let only = self.first(|_, c| is_typed(c) && (has_text || !is_named_code(c)));
                only.filter(|_| !signed_in && typed == 1)
            })
    }

    /// Text before a password is whose password it is, unless the page says otherwise.
    fn code(&self, password: Option<usize>) -> Option<usize> {
        let is_before = |at: usize| password.is_some_and(|password| at < password);
        self.first(|_, c| is_one_time_code(c)).or_else(|| {
            self.first(|at, c| is_code(c) && (c.kind == ControlKind::Password || !is_before(at)))
        })
    }

    fn username(&self, password: Option<usize>) -> Option<usize> {
        let of_rank = |rank| self.first(|_, c| user_rank(c) == Some(rank));
        let best = (0..USER_RANKS).find_map(of_rank);
        // Whatever text stands before a password is the name that goes with it.
        best.or_else(|| {
            let before = |(at, c): &&&(usize, &Control)| {
                password.is_some_and(|password| *at < password)
                    && c.kind == ControlKind::Text
                    && !is_something_else(c)
            };
            let mut shown: Vec<_> = self.shown().collect();
            shown.reverse();
            shown.iter().find(before).map(|(at, _)| *at)
        })
    }

    /// The only one there is, unless it is plainly something else.
    fn lone(&self) -> Option<usize> {
        let mut shown = self.shown();
        match (shown.next(), shown.next()) {
            (Some((at, control)), None) if !is_something_else(control) => Some(*at),
            _ => None,
        }
    }
}

/// The radio buttons of the first group that offers more than one.
pub(super) fn radios(form: &Form) -> Vec<usize> {
    let is_radio = |c: &&Control| c.input_type == "radio" && !c.name.is_empty() && !c.disabled;
    let group = |name: &str| -> Vec<usize> {
        (0..)
            .zip(&form.controls)
            .filter(|(_, c)| is_radio(c) && c.name == name)
            .map(|(at, _)| at)
            .collect()
    };
    form.controls
        .iter()
        .filter(is_radio)
        .map(|first| group(&first.name))
        .find(|group| group.len() > 1)
        .unwrap_or_default()
}

/// The selects that make a difference to a login: not those of a language or a time zone.
pub(super) fn selects(form: &Form) -> Vec<usize> {
    const LOOKS: [&str; 5] = ["lang", "locale", "zone", "theme", "country"];
    let is_of_looks = |c: &Control| {
        let name = c.name.to_ascii_lowercase();
        LOOKS.iter().any(|word| name.contains(word))
    };
    (0..)
        .zip(&form.controls)
        .filter(|(_, c)| c.kind == ControlKind::Select && !c.disabled && !c.name.is_empty())
        .filter(|(_, c)| !is_of_looks(c) && choices(c).count() > 1)
        .map(|(at, _)| at)
        .collect()
}

/// Whether a select beside the fields to fill in is somebody's to choose: the page has chosen nothing, and
/// its first option says so, or it is about who they are. What a browser sends will do otherwise.
fn is_left_open(select: &Control) -> bool {
    const WHOSE: [&str; 12] = [
        "org",
        "realm",
        "domain",
        "idp",
        "provider",
        "device",
        "entity",
        "instit",
        "home",
        "source",
        "tenant",
        "directory",
    ];
    let name = format!("{} {}", select.name, select.id).to_ascii_lowercase();
    let chooses_nothing = select
        .options
        .first()
        .is_some_and(|(value, _)| value.is_empty());
    !select.preselected && (chooses_nothing || WHOSE.iter().any(|word| name.contains(word)))
}

/// The options of a select, with their places; not those that only say that one is to be chosen.
pub(super) fn choices(select: &Control) -> impl Iterator<Item = (usize, &(String, String))> {
    let all = select.options.iter().enumerate();
    all.filter(|(_, (value, _))| !value.is_empty())
}

/// Fields for passwords that are no codes.
pub(super) fn passwords(form: &Form, said: &FormFields) -> usize {
    let code = named(form, said.code.as_deref());
    let fields: Vec<&Control> = (0..)
        .zip(&form.controls)
        .filter(|(at, _)| Some(*at) != code)
        .map(|(_, control)| control)
        .filter(|c| c.sent && c.kind == ControlKind::Password && !is_code(c))
        .collect();
    match fields.iter().filter(|c| !c.concealed).count() {
        0 => fields.len(),
        shown => shown,
    }
}

/// A field that a person writes into, and not to search for something. A `readonly` one without a value
/// is opened by a script once it is looked at.
fn is_open(control: &Control) -> bool {
    control.sent
        && !control.name.is_empty()
        && matches!(control.kind, ControlKind::Text | ControlKind::Password)
        && control.input_type != "search"
        && !SEARCH.contains(&control.name.to_ascii_lowercase().as_str())
        && (!control.read_only || control.value.is_empty())
        && !is_captcha(control)
}

/// Takes what the script of a captcha's maker gives to a person that has passed.
fn is_solution(control: &Control) -> bool {
    const NAMES: [&str; 3] = [
        "g-recaptcha-response",
        "h-captcha-response",
        "cf-turnstile-response",
    ];
    NAMES.contains(&control.name.as_str())
}

/// Wants the letters of a picture.
pub(super) fn is_captcha(control: &Control) -> bool {
    let name = format!("{} {}", control.name, control.id).to_ascii_lowercase();
    control.kind == ControlKind::Text && !control.concealed && name.contains("captcha")
}

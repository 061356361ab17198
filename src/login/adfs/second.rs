//! What comes after the password: second factors, and choices.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use crate::format::html::{Form, Page};
use crate::login::duo::{Duo, Ended, Turn};
use crate::login::{
    Body, Choice, Event, FlowError, Method, ORGANIZATION, Offer, PageEvent, Question, Refused,
    Request, Step, Value, form,
};

use super::complaint::complaint;
use super::factor::{Factor, How, Prompt};
use super::offers::Offers;
use super::{Adfs, State};

/// What is chosen where there are several methods.
const SECOND_FACTOR: &str = "second factor";

impl Adfs {
    /// A page of an additional method.
    pub(super) fn factor(
        &mut self,
        factor: &Factor<'_>,
        page: &Page,
        event: &PageEvent,
    ) -> Result<Step, FlowError> {
        let again = self.tried.meets(&factor.adapter);
        let url = &event.url;
        match &factor.how {
            How::Code { field } => {
                // Before anybody types: it may be no place for a code.
                form::password_target(factor.form, url, &self.origins)?;
                match &factor.complaint {
                    Some(text) if self.tried.codes.any() => {
                        return Ok(self.refuse(Refused::Code, text.clone()));
                    }
                    // The same page again is the same no, only without words; another field, or
                    // other words, is another question, as for the next tokencode.
                    _ if !self.tried.codes.asks_anew(field, &factor.words) => {
                        return Ok(self.refuse(Refused::Code, String::new()));
                    }
                    _ => {}
                }
                self.state = State::AskedCode {
                    form: Box::new(factor.form.clone()),
                    page: url.clone(),
                    field: field.clone(),
                };
                Ok(Step::Ask(Question::Code {
                    prompt: factor.prompt(),
                }))
            }
            How::Wait { hangs, number } => {
                if let Some(text) = &factor.complaint {
                    return Ok(self.refuse(Refused::Factor, text.clone()));
                }
                if !factor.is_polled() && !self.tried.posts_blindly() {
                    return Err(FlowError::Mfa {
                        method: factor.name(),
                    });
                }
                let request = Request {
                    slow: true,
                    ..self.within(factor.form, url)?
                };
                Ok(self.wait(factor, *hangs, number.as_deref(), again, request))
            }
            How::Duo(_) if again => {
                let text = factor.complaint.clone().unwrap_or_default();
                Ok(self.refuse(Refused::Factor, text))
            }
            How::Duo(Prompt::Frame) => {
                let duo = Duo::in_frame(page, event, &self.origins)?;
                let back = Box::new(factor.form.clone());
                self.at_duo(Box::new(duo), back, url.clone(), Event::Start)
            }
            How::Duo(Prompt::Page) => {
                let duo = Duo::by_form(factor.form, url, &self.origins)?;
                self.at_duo(Box::new(duo), Box::default(), url.clone(), Event::Start)
            }
            How::Browser => Err(FlowError::Mfa {
                method: factor.name(),
            }),
        }
    }

    /// Sends the form until the page is another one. What there is to do is told before the wait, and
    /// told anew when it changes.
    pub(super) fn wait(
        &mut self,
        factor: &Factor<'_>,
        hangs: bool,
        number: Option<&str>,
        again: bool,
        request: Request,
    ) -> Step {
        let text = factor.to_do(number);
        let is_known = hangs || again || number.is_some() || !factor.words.is_empty();
        let pauses = again || (number.is_some() && !hangs);
        if is_known && self.tried.tells_anew(&text) {
            self.state = State::Tells { request, pauses };
            return Step::Show(text);
        }
        match pauses {
            true => self.pause(request),
            // The first page of a method may only lead to the one that says what to do.
            false => self.send(request),
        }
    }

    /// Another method that the page has a link to: the one that the person has settled on, or any where the
    /// page's own is nothing that can be answered here.
    pub(super) fn instead(
        &mut self,
        factor: &Factor<'_>,
        page: &Page,
        event: &PageEvent,
    ) -> Result<Option<Step>, FlowError> {
        let Some(others) = factor.others.as_ref().map(Offers::of_factors) else {
            return Ok(None);
        };
        let is_other = |offer: &Offer| offer.id != factor.adapter;
        let has_others = others.offers.iter().any(is_other);
        if !has_others || self.tried.adapter == factor.adapter {
            return Ok(None);
        }
        if factor.how == How::Browser {
            return self.options(&others, page, &event.url).map(Some);
        }
        if self.tried.has_chosen() {
            return Ok(None);
        }
        self.tried.chooses();
        let mut options = vec![Offer {
            id: factor.adapter.clone(),
            label: factor.name(),
        }];
        let others_only = others.offers.iter().filter(|offer| is_other(offer));
        options.extend(others_only.cloned());
        let forms = options.iter().skip(1).map(|offer| others.chosen(&offer.id));
        self.state = State::Prefers {
            forms: forms.collect(),
            page: Box::new(event.copy()),
        };
        Ok(Some(Step::Prefer(Choice {
            what: SECOND_FACTOR.to_owned(),
            options,
            preferred: vec![],
        })))
    }

    /// "Authentication Options".
    pub(super) fn options(
        &mut self,
        methods: &Offers<'_>,
        page: &Page,
        url: &Url,
    ) -> Result<Step, FlowError> {
        let is_password = |id: &str| id == "FormsAuthentication";
        let password = methods.offers.iter().find(|offer| is_password(&offer.id));
        if let Some(offer) = password.filter(|_| !self.tried.password) {
            let request = self.within(&methods.chosen(&offer.id), url)?;
            return Ok(self.send(request));
        }
        let possible = methods.of_factors();
        if possible.offers.is_empty() {
            let methods = methods.offers.iter().map(|offer| offer.label.clone());
            return Err(FlowError::MfaOptions {
                methods: methods.collect(),
            });
        }
        if !self.tried.chooses() {
            let text = complaint(page).unwrap_or_default();
            return Ok(self.refuse(Refused::Factor, text));
        }
        // Before anybody chooses: the session must not be led away.
        self.within(methods.form, url)?;
        Ok(self.choose(SECOND_FACTOR, &possible, url))
    }

    pub(super) fn home_realm(&mut self, realms: &Offers<'_>, url: &Url) -> Result<Step, FlowError> {
        let asks_twice = std::mem::replace(&mut self.tried.organization, true);
        if realms.offers.is_empty() || asks_twice {
            return Err(FlowError::HomeRealm {
                host: url.host_str().unwrap_or_default().to_owned(),
            });
        }
        Ok(self.choose(ORGANIZATION, realms, url))
    }

    pub(super) fn choose(&mut self, what: &str, offers: &Offers<'_>, url: &Url) -> Step {
        let forms = offers.offers.iter().map(|offer| offers.chosen(&offer.id));
        self.state = State::Chooses {
            forms: forms.collect(),
            page: url.clone(),
        };
        Step::Choose(Choice {
            what: what.to_owned(),
            options: offers.offers.clone(),
            preferred: vec![],
        })
    }

    /// Has Duo go on, and takes the word back at its end.
    pub(super) fn at_duo(
        &mut self,
        mut duo: Box<Duo>,
        back: Box<Form>,
        page: Url,
        event: Event,
    ) -> Result<Step, FlowError> {
        // Another method's pages between may lead to Duo once more, and to the same question.
        if let Event::Answer(code) = &event
            && !self.tried.codes.is_new(code)
        {
            return Ok(self.refuse(Refused::Code, String::new()));
        }
        match duo.next(event)? {
            Turn::Step(Step::Ask(Question::Code { prompt }))
                if !self.tried.codes.asks_anew("Duo", &prompt) =>
            {
                Ok(self.refuse(Refused::Code, String::new()))
            }
            Turn::Step(step) => {
                self.state = State::Duo { duo, back, page };
                Ok(step)
            }
            Turn::Ended(Ended::Signed(response)) => {
                let mut request = self.within(&back, &page)?;
                if let Body::Form(fields) = &mut request.body {
                    fields.retain(|(name, _)| name != "sig_response");
                    fields.push(("sig_response".to_owned(), Value::Secret(response)));
                }
                request.carries_secret = true;
                Ok(self.send(request))
            }
            Turn::Ended(Ended::Back(request)) => Ok(self.send(*request)),
            Turn::Ended(Ended::Page(page)) => self.page(&page),
        }
    }

    /// The request that submits a form which must stay where the password may go.
    pub(super) fn within(&self, form: &Form, page: &Url) -> Result<Request, FlowError> {
        form::password_target(form, page, &self.origins)?;
        Ok(Request {
            method: Method::Post,
            ..form::submit(form, page)?
        })
    }

    /// The form with a code in it, sent as the Enter key sends it: by its first button.
    pub(super) fn with_code(
        &self,
        form: &Form,
        page: &Url,
        field: &str,
        code: &SecretString,
    ) -> Result<Request, FlowError> {
        let mut form = form.clone();
        form.submits.truncate(1);
        let mut request = self.within(&form, page)?;
        if let Body::Form(fields) = &mut request.body {
            // Once, also where a page has two fields of that name.
            if let Some((_, value)) = fields.iter_mut().find(|(name, _)| name == field) {
                let code = code.expose_secret().trim();
                *value = Value::Secret(SecretString::from(code));
            }
        }
        request.carries_secret = true;
        Ok(request)
    }
}

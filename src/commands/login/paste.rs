//! `fedgit login IDP --paste`: the response comes by hand, for machines without a browser.

use std::io::{IsTerminal, Read};

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::report::Failure;
use crate::credentials::{Broker, LoginResults};
use crate::login::{LONGEST_PASTE, pasted};
use crate::model::{Assertion, IdpName};
use crate::sys::terminal::{self, Pasted};

use super::Context;

/// How long a person may take for it, in seconds: the response itself is good for five minutes.
const LIMIT_SECONDS: u32 = 900;

const HOW: &str = "open the tools of your browser (F12, Network, \"Preserve log\"), sign in there, and \
                   copy the field SAMLResponse of the request to AWS's sign-in (Payload)";

/// Reads a response and gets credentials by it.
pub(super) fn login(
    context: &Context<'_>,
    broker: &Broker<'_>,
    idp: &IdpName,
    progress: &dyn Fn(usize, usize),
) -> Result<LoginResults, Failure> {
    let addresses = broker.sign_on_addresses(idp)?;
    let assertion = if std::io::stdin().is_terminal() {
        if !context.may_ask_here {
            return Err(Failure::new(
                Exit::PersonNeeded,
                "a response has to be pasted, and nobody is to be asked",
            )
            .hint(format!(
                "pipe it in, or run this in a terminal: fedgit login {idp} --paste"
            )));
        }
        match addresses.as_slice() {
            [] => {}
            [(_, address)] => context.ui.say(&format!("sign in to {idp} at:\n{address}")),
            several => {
                let lines = several.iter().map(|(of, at)| format!("\n{of}: {at}"));
                let lines: String = lines.collect();
                context.ui.say(&format!(
                    "sign in to {idp} at the address of the partition that you want:{lines}"
                ));
            }
        }
        context.ui.say(HOW);
        at_terminal(idp)?
    } else {
        piped()?
    };
    Ok(broker.login_by(idp, assertion, progress)?)
}

fn at_terminal(idp: &IdpName) -> Result<Assertion, Failure> {
    let prompt =
        format!("fedgit: paste the SAMLResponse for {idp} (it is not shown), then press Enter: ");
    match terminal::paste(&prompt, LONGEST_PASTE, LIMIT_SECONDS)? {
        Pasted::Text(text) => taken(&text),
        Pasted::TooLong => Err(too_long()),
        Pasted::Interrupted => Err(Failure::new(Exit::CtrlC, "interrupted")),
        Pasted::TimedOut => Err(Failure::new(
            Exit::PersonNeeded,
            format!("nothing was pasted within {LIMIT_SECONDS} seconds"),
        )
        .hint(format!("when it is at hand: fedgit login {idp} --paste"))),
    }
}

fn piped() -> Result<Assertion, Failure> {
    // Never reallocated, so no copy is left behind in freed memory.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST_PASTE + 1));
    let longest = u64::try_from(LONGEST_PASTE + 1).unwrap_or(u64::MAX);
    std::io::stdin()
        .lock()
        .take(longest)
        .read_to_end(&mut bytes)?;
    if bytes.len() > LONGEST_PASTE {
        return Err(too_long());
    }
    taken(&bytes)
}

fn taken(bytes: &[u8]) -> Result<Assertion, Failure> {
    let response = std::str::from_utf8(bytes).ok().and_then(pasted);
    response.ok_or_else(|| {
        Failure::new(
            Exit::Failed,
            "that is no SAMLResponse: neither base64 nor a form that holds it",
        )
        .hint(HOW)
    })
}

fn too_long() -> Failure {
    Failure::new(
        Exit::Failed,
        format!("that is longer than {LONGEST_PASTE} bytes, so it is no SAMLResponse"),
    )
    .hint(HOW)
}

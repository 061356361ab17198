//! IAM, as far as it tells an account's alias: ListAccountAliases of the Query protocol, version
//! 2010-05-08. Whoever asks signs, and needs the permission.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;

use crate::bed::Bed;
use crate::ledger::Service;
use crate::server::{Answer, Heard};
use crate::{regions, sigv4, text};

const NAMESPACE: &str = "https://iam.amazonaws.com/doc/2010-05-08/";

pub(crate) fn service(bed: Arc<Bed>) -> Router {
    Router::new().fallback(handle).with_state(bed)
}

async fn handle(State(bed): State<Arc<Bed>>, request: Request) -> Response<Body> {
    let heard = Heard::whole(request).await;
    let ticket = heard.enter(&bed, Service::Iam, &[]);
    let answer = answer(&bed, &heard).unwrap_or_else(|fault| fault);
    answer.send(ticket, bed.clock.now())
}

fn fault(status: u16, code: &str, message: &str) -> Answer {
    let xml = format!(
        "<ErrorResponse xmlns=\"{NAMESPACE}\">\n  <Error>\n    <Type>Sender</Type>\n    \
         <Code>{code}</Code>\n    <Message>{}</Message>\n  </Error>\n  \
         <RequestId>{}</RequestId>\n</ErrorResponse>\n",
        text::escape(message),
        text::uuid()
    );
    Answer::new(status, "text/xml", xml).note(format!("refused: {code}"))
}

fn answer(bed: &Bed, heard: &Heard) -> Result<Answer, Answer> {
    let signed = sigv4::Request {
        method: &heard.method,
        path: &heard.path,
        query: &heard.query,
        headers: &heard.headers,
        body: &heard.body,
    };
    // One endpoint for each partition, and one region that signatures name.
    let regions = regions::iam_regions(heard.host_name());
    let key = sigv4::verify(&signed, "iam", &regions, &bed.keys, bed.clock.now())
        .map_err(|refusal| fault(403, refusal.code, &refusal.message))?;
    if (heard.method.as_str(), heard.path.as_str()) != ("POST", "/") {
        return Err(fault(404, "UnknownOperationException", "not POST /"));
    }
    let is = |name: &str, value: &str| text::value(&heard.form, name) == Some(value);
    if !is("Version", "2010-05-08") || !is("Action", "ListAccountAliases") {
        return Err(fault(400, "InvalidAction", "no such action"));
    }
    let principal = &key.principal;
    // `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`
    let role = principal.arn.split('/').nth(1).unwrap_or_default();
    if bed.scenario.no_aliases_for.iter().any(|name| name == role) {
        let why = format!(
            "User: {} is not authorized to perform: iam:ListAccountAliases on resource: * because no \
             identity-based policy allows the iam:ListAccountAliases action",
            principal.arn
        );
        return Err(fault(403, "AccessDenied", &why));
    }
    let aliases = bed.scenario.aliases.iter();
    let mut own = aliases.filter(|(account, _)| *account == principal.account);
    let listed = match own.next() {
        Some((_, alias)) => format!("<member>{alias}</member>"),
        None => String::new(),
    };
    let xml = format!(
        "<ListAccountAliasesResponse xmlns=\"{NAMESPACE}\">\n  <ListAccountAliasesResult>\n    \
         <IsTruncated>false</IsTruncated>\n    <AccountAliases>{listed}</AccountAliases>\n  \
         </ListAccountAliasesResult>\n  <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata>\n\
         </ListAccountAliasesResponse>\n",
        text::uuid()
    );
    Ok(Answer::new(200, "text/xml", xml).note(format!("aliases for {role}")))
}

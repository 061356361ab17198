//! What stands between a service and its caller, and fails: a load balancer that answers by itself, or
//! a connection that ends.

use std::time::Duration;

use axum::body::Body;
use axum::http::Response;

use crate::bed::Bed;
use crate::ledger::Ticket;
use crate::server::Answer;

/// How a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failing {
    /// 503, with a page that is not the service's.
    Unavailable,
    /// The connection ends without an answer.
    Broken,
    /// Nothing comes back, for longer than anybody waits.
    Hangs,
}

/// Fails in one of these ways.
pub(super) async fn fail(bed: &Bed, ticket: Ticket, how: Failing) -> Response<Body> {
    let page = "<html><body>Service Unavailable</body></html>";
    let answer = Answer::new(503, "text/html", page).note(format!("a flaw: {how:?}"));
    let response = answer.send(ticket, bed.clock.now());
    match how {
        Failing::Unavailable => response,
        Failing::Hangs => {
            tokio::time::sleep(Duration::from_secs(600)).await;
            response
        }
        // Ends the connection's task, and tells nobody.
        Failing::Broken => std::panic::resume_unwind(Box::new(())),
    }
}

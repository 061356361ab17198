//! What both services answer with: JSON, and errors in the two forms that AWS gives them.

use axum::http::HeaderName;
use serde_json::{Value, json};

use crate::server::Answer;
use crate::text;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// An error of the caller's making.
#[derive(Debug)]
pub(super) struct Fault {
    status: u16,
    /// The exception's name in the model.
    name: &'static str,
    /// RFC 6749's own word for it, where the OIDC service answers.
    error: &'static str,
    message: String,
}

impl Fault {
    fn oidc(
        status: u16,
        name: &'static str,
        error: &'static str,
        message: impl Into<String>,
    ) -> Fault {
        Fault {
            status,
            name,
            error,
            message: message.into(),
        }
    }

    pub(super) fn request(message: impl Into<String>) -> Fault {
        Fault::oidc(400, "InvalidRequestException", "invalid_request", message)
    }

    pub(super) fn client(message: impl Into<String>) -> Fault {
        Fault::oidc(401, "InvalidClientException", "invalid_client", message)
    }

    pub(super) fn grant(message: impl Into<String>) -> Fault {
        Fault::oidc(400, "InvalidGrantException", "invalid_grant", message)
    }

    pub(super) fn unauthorized_client(message: impl Into<String>) -> Fault {
        let name = "UnauthorizedClientException";
        Fault::oidc(400, name, "unauthorized_client", message)
    }

    pub(super) fn grant_type(message: impl Into<String>) -> Fault {
        let name = "UnsupportedGrantTypeException";
        Fault::oidc(400, name, "unsupported_grant_type", message)
    }

    pub(super) fn scope(message: impl Into<String>) -> Fault {
        Fault::oidc(400, "InvalidScopeException", "invalid_scope", message)
    }

    pub(super) fn redirect(message: impl Into<String>) -> Fault {
        let name = "InvalidRedirectUriException";
        Fault::oidc(400, name, "invalid_redirect_uri", message)
    }

    pub(super) fn pending() -> Fault {
        let name = "AuthorizationPendingException";
        Fault::oidc(400, name, "authorization_pending", "")
    }

    pub(super) fn slow_down() -> Fault {
        Fault::oidc(400, "SlowDownException", "slow_down", "")
    }

    pub(super) fn expired(message: impl Into<String>) -> Fault {
        Fault::oidc(400, "ExpiredTokenException", "expired_token", message)
    }

    pub(super) fn denied() -> Fault {
        Fault::oidc(400, "AccessDeniedException", "access_denied", "")
    }

    pub(super) fn unauthorized() -> Fault {
        let message = "Session token not found or invalid";
        Fault::oidc(401, "UnauthorizedException", "", message)
    }

    pub(super) fn forbidden() -> Fault {
        Fault::oidc(403, "ForbiddenException", "", "No access")
    }

    pub(super) fn too_many() -> Fault {
        let name = "TooManyRequestsException";
        Fault::oidc(429, name, "", "HTTP 429 Unknown Code")
    }

    pub(super) fn not_found(message: impl Into<String>) -> Fault {
        Fault::oidc(404, "ResourceNotFoundException", "", message)
    }

    pub(super) fn into_answer(self) -> Answer {
        let Fault {
            status,
            name,
            error,
            message,
        } = self;
        let body = match error {
            "" => {
                json!({ "message": message, "__type": format!("com.amazonaws.switchboard.portal#{name}") })
            }
            error => json!({ "error": error, "error_description": message }),
        };
        let note = match message.as_str() {
            "" => format!("refused: {name}"),
            message => format!("refused: {name}: {message}"),
        };
        Answer::new(status, "application/json", body.to_string())
            .header(REQUEST_ID, text::uuid())
            .header(ERROR_TYPE, name)
            .note(note)
    }
}

pub(super) fn ok(body: &Value) -> Answer {
    Answer::new(200, "application/json", body.to_string()).header(REQUEST_ID, text::uuid())
}

//! CodeCommit's own service, beside git's: a JSON call, signed by Signature Version 4. Two calls do
//! not carry a whole SDK: they are texts here, both ways.
//! <https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListRepositories.html>

use serde::Deserialize;
use url::Url;

use crate::format::printable::printable;
use crate::format::sigv4;
use crate::model::{Credentials, Region, RepoName, Timestamp};

/// What a call's target starts with: the service's name and version.
const SERVICE: &str = "CodeCommit_20150413";

/// A call, signed. Without Debug on purpose.
pub struct Call {
    /// The headers beside the host's.
    pub headers: sigv4::Headers,
    /// The body.
    pub body: String,
}

/// Signs a call to `url` by these credentials.
#[must_use]
pub fn signed(
    url: &Url,
    operation: &str,
    body: String,
    credentials: &Credentials,
    region: &Region,
    now: Timestamp,
) -> Call {
    let target = format!("{SERVICE}.{operation}");
    let own = [
        ("content-type", "application/x-amz-json-1.1"),
        ("x-amz-target", &target),
    ];
    let service = ("codecommit", region);
    let headers = sigv4::signed(url, &own, &body, credentials, service, now);
    Call { headers, body }
}

/// The service of a region.
#[must_use]
pub fn address(region: &Region, fips: bool) -> String {
    let service = if fips {
        "codecommit-fips"
    } else {
        "codecommit"
    };
    format!(
        "https://{service}.{region}.{}/",
        region.partition().dns_suffix()
    )
}

/// The body that asks for a page of repositories.
#[must_use]
pub fn list(next: Option<&str>) -> String {
    let mut body = serde_json::json!({ "sortBy": "repositoryName", "order": "ascending" });
    if let (Some(next), Some(body)) = (next, body.as_object_mut()) {
        body.insert("nextToken".to_owned(), next.into());
    }
    body.to_string()
}

/// A page of repositories.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    /// Their names, as far as fedgit takes them.
    pub names: Vec<RepoName>,
    /// Those that it does not take: a name with a dash before it would be an option to git.
    pub odd: Vec<String>,
    /// What asks for the next page.
    pub next: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ListAnswer {
    #[serde(default)]
    repositories: Vec<Listed>,
    next_token: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    repository_name: String,
}

/// Reads a page; `None` where it is none.
#[must_use]
pub fn page(body: &str) -> Option<Page> {
    let answer: ListAnswer = serde_json::from_str(body).ok()?;
    let (mut names, mut odd) = (Vec::new(), Vec::new());
    for Listed { repository_name } in answer.repositories {
        match repository_name.parse() {
            Ok(name) => names.push(name),
            Err(_) => odd.push(printable(&repository_name, 100)),
        }
    }
    Some(Page {
        names,
        odd,
        next: answer.next_token.filter(|next| !next.is_empty()),
    })
}

/// What the service says is wrong: a code and a sentence.
#[must_use]
pub fn refusal(status: u16, header: Option<&str>, body: &str) -> (String, String) {
    let json: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
    let text = |key: &str| json.get(key).and_then(|value| value.as_str());
    let code = header.or_else(|| text("__type"));
    // `namespace#Code:uri`, in whichever of the two.
    let code = code.and_then(|code| code.rsplit('#').next()?.split(':').next());
    let message = text("message").or_else(|| text("Message"));
    (
        code.map_or_else(|| format!("HTTP {status}"), |code| printable(code, 100)),
        printable(message.unwrap_or("no reason was given"), 500),
    )
}

/// Whether the same call may do better a moment later.
#[must_use]
pub fn may_pass(status: u16, code: &str) -> bool {
    status >= 500 || status == 429 || code.starts_with("Throttling")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SecretString;

    /// Made with botocore's own signer for the same call.
    #[test]
    fn signs_as_botocore_does() {
        let credentials = Credentials {
            access_key_id: "ASIAIOSFODNN7EXAMPLE".into(),
            secret_access_key: SecretString::from("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            session_token: SecretString::from("to/ken+=="),
            expiration: Timestamp::from_unix(i64::MAX),
            account: None,
        };
        let region = "eu-west-1".parse().unwrap();
        let url = Url::parse(&address(&region, false)).unwrap();
        let now = Timestamp::parse_rfc3339("2026-01-02T03:04:05Z").unwrap();
        let call = signed(
            &url,
            "ListRepositories",
            "{}".into(),
            &credentials,
            &region,
            now,
        );
        let of = |name: &str| {
            call.headers
                .iter()
                .find(|(n, _)| *n == name)
                .unwrap()
                .1
                .as_str()
        };
        assert_eq!(of("x-amz-date"), "20260102T030405Z");
        assert_eq!(
            of("authorization"),
            "AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260102/eu-west-1/codecommit/aws4_request, \
             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, \
             Signature=fff09b8fbf2125ff2563e5a4281d3b9ee34f0e739a39b961b3342777ad115804"
        );
    }

    #[test]
    fn pages() {
        let text = r#"{"repositories":[{"repositoryId":"1","repositoryName":"a"},{"repositoryName":"b/../c"}],"nextToken":"n"}"#;
        let page = page(text).unwrap();
        assert_eq!(page.names, ["a".parse().unwrap()]);
        assert_eq!(page.odd, ["b/../c"]);
        assert_eq!(page.next.as_deref(), Some("n"));
        assert_eq!(super::page("{}").unwrap().next, None);
        assert_eq!(super::page("[]"), None);
        assert!(list(Some("n\"")).contains(r#""nextToken":"n\"""#));
    }

    #[test]
    fn refusals() {
        let body = r#"{"__type":"com.amazonaws#AccessDeniedException","Message":"no\u001b[31m"}"#;
        let (code, message) = refusal(400, None, body);
        assert_eq!(code, "AccessDeniedException");
        assert!(!message.contains('\u{1b}'));
        let (code, _) = refusal(400, Some("ThrottlingException:http://x"), "");
        assert_eq!(code, "ThrottlingException");
        assert!(may_pass(400, &code) && may_pass(503, "x") && !may_pass(400, "AccessDenied"));
        assert_eq!(refusal(502, None, "<html>").0, "HTTP 502");
    }
}

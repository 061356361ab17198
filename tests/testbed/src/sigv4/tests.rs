//! Judged by the worked example of AWS's own documentation: `ListUsers` of IAM, signed with
//! the key AKIDEXAMPLE on 2015-08-30.

use axum::http::{HeaderName, HeaderValue};

use super::*;
use crate::keys::Principal;

const SIGNATURE: &str = "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7";

fn keys(token: Option<&str>, expires: Option<OffsetDateTime>) -> Keys {
    let principal = Principal {
        arn: "arn:aws:iam::111122223333:user/example".to_owned(),
        user_id: "AIDAEXAMPLE".to_owned(),
        account: "111122223333".to_owned(),
    };
    let keys = Keys::default();
    keys.add(Key {
        id: "AKIDEXAMPLE".to_owned(),
        secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        token: token.map(str::to_owned),
        expires,
        principal,
        is_chained: false,
    });
    keys
}

fn headers(signature: &str) -> HeaderMap {
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, \
         SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
    );
    [
        ("host", "iam.amazonaws.com"),
        (
            "content-type",
            "application/x-www-form-urlencoded; charset=utf-8",
        ),
        ("x-amz-date", "20150830T123600Z"),
        ("authorization", &authorization),
    ]
    .into_iter()
    .map(|(name, value)| {
        (
            HeaderName::from_static(name),
            HeaderValue::from_str(value).expect("ASCII"),
        )
    })
    .collect()
}

fn verdict(headers: &HeaderMap, query: &str, keys: &Keys, at: &str) -> Result<Key, &'static str> {
    let request = Request {
        method: "GET",
        path: "/",
        query,
        headers,
        body: b"",
    };
    let now = clock::from_stamp(at).expect("a stamp");
    verify(&request, "iam", &["us-east-1"], keys, now).map_err(|refusal| refusal.code)
}

const QUERY: &str = "Action=ListUsers&Version=2010-05-08";
const AT: &str = "20150830T123600Z";

#[test]
fn the_documented_example_is_accepted() {
    let key = verdict(&headers(SIGNATURE), QUERY, &keys(None, None), AT).expect("accepted");
    assert_eq!(key.id, "AKIDEXAMPLE");
    let swapped = "Version=2010-05-08&Action=ListUsers";
    assert!(
        verdict(&headers(SIGNATURE), swapped, &keys(None, None), AT).is_ok(),
        "sorted"
    );
}

#[test]
fn anything_else_is_refused() {
    let good = keys(None, None);
    let flipped = SIGNATURE.replacen('5', "4", 1);
    let mismatch = Some("SignatureDoesNotMatch");
    let code = |result: Result<Key, &'static str>| result.err();
    assert_eq!(
        code(verdict(&headers(&flipped), QUERY, &good, AT)),
        mismatch
    );
    let other = "Action=ListUsers&Version=2010-05-09";
    assert_eq!(
        code(verdict(&headers(SIGNATURE), other, &good, AT)),
        mismatch
    );

    assert_eq!(
        code(verdict(
            &headers(SIGNATURE),
            QUERY,
            &good,
            "20150830T125100Z"
        )),
        None
    );
    for outside in ["20150830T125101Z", "20150830T122059Z"] {
        assert_eq!(
            code(verdict(&headers(SIGNATURE), QUERY, &good, outside)),
            mismatch
        );
    }

    let mut unsigned = headers(SIGNATURE);
    unsigned.insert("x-amz-target", HeaderValue::from_static("x"));
    assert_eq!(code(verdict(&unsigned, QUERY, &good, AT)), mismatch);
}

#[test]
fn the_token_must_be_the_keys_own_and_alive() {
    let at = clock::from_stamp(AT).expect("a stamp");
    let sent = headers(SIGNATURE);
    let code = |keys| verdict(&sent, QUERY, &keys, AT).err();
    assert_eq!(
        code(keys(Some("token"), None)),
        Some("InvalidClientTokenId")
    );
    assert_eq!(code(keys(None, Some(at))), Some("ExpiredToken"));
    assert_eq!(code(Keys::default()), Some("InvalidClientTokenId"));
    let unsigned = HeaderMap::new();
    assert_eq!(
        verdict(&unsigned, QUERY, &keys(None, None), AT).err(),
        Some("MissingAuthenticationToken"),
    );
}

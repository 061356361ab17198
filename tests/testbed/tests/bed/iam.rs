//! IAM: an account's alias, for whoever signs for it and may know.

use fedgit_testbed::{Scenario, Service, World};

use crate::client::{Client, assume, signed_for};

#[test]
fn whoever_signs_is_told() {
    let scenario = Scenario::adfs().account_alias("111122223333", "acme-prod");
    let world = World::start(scenario);
    let client = Client::of(&world);
    let found = assume(&world, &client);
    let ask = |service: &str, action: &str| {
        let form = [("Action", action), ("Version", "2010-05-08")];
        signed_for(service, &world.iam_url(), &client, &found, &form)
    };
    let answer = ask("iam", "ListAccountAliases");
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.between("<member>", "</member>"), "acme-prod");
    assert_eq!(ask("sts", "ListAccountAliases").status, 403);
    assert_eq!(ask("iam", "ListUsers").status, 400);
    let unsigned = client.post(&world.iam_url(), &[("Action", "ListAccountAliases")]);
    assert_eq!(unsigned.status, 403);
    assert_eq!(world.ledger().of(Service::Iam).count(), 4);
}

import json
import sys

import boto3

session = boto3.Session(profile_name="adfs")
credentials = session.get_credentials()


def look():
    # Each of these asks the process again while the credentials are about to end.
    keys = {credentials.access_key for _ in range(5)}
    frozen = credentials.get_frozen_credentials()
    assert keys == {frozen.access_key}, "other credentials each time"
    assert (credentials.secret_key, credentials.token) == (frozen.secret_key, frozen.token)
    found = {
        "key": frozen.access_key,
        "account": frozen.account_id,
        "expires": credentials._expiry_time.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "arn": session.client("sts").get_caller_identity()["Arn"],
    }
    print(json.dumps(found), flush=True)


look()
sys.stdin.readline()
look()

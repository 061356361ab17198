"""What other programs take for the same file. Prints the seconds of the work alone, by the clock
and of the processor.

    peers.py botocore FILE              reads FILE
    peers.py aws-sso-util FILE COUNT    writes COUNT new profiles into a copy of FILE; "-" for none
"""

import os
import shutil
import sys
import tempfile
import time


def botocore(path):
    from botocore.configloader import load_config

    return timed(lambda: load_config(path))


def aws_sso_util(path, count):
    from aws_sso_lib.config_file_writer import ConfigFileWriter

    def write(config):
        writer = ConfigFileWriter()
        for i in range(int(count)):
            name = f"writer-{i:06}"
            values = {
                "__section__": f"profile {name}",
                "region": "us-east-1",
                "credential_process": f"aws-sso-util credential-process --profile {name}",
            }
            # As `aws-sso-util configure populate` calls it.
            writer.update_config(values, config, "discard")

    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "config")
        if path != "-":
            shutil.copyfile(path, copy)
        return timed(lambda: write(copy))


def timed(work):
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


if __name__ == "__main__":
    work = {"botocore": botocore, "aws-sso-util": aws_sso_util}[sys.argv[1]]
    print(*work(*sys.argv[2:]))

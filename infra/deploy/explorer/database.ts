/**
 * MongoDB of the era's explorer. Its programs use mongo-go-driver 1.10 (dash-backend's go.mod). That driver works with
 * server 7.0, but was never tried with 8.0 (mongodb.com, Go driver, "Compatibility"). MongoDB mends 7.0 until August
 * 2027. It needs a processor with AVX, which GKE's machines have.
 */
export const MONGO_IMAGE = "mongo:7.0.28";

/** Port of MongoDB. */
export const MONGO_PORT = 27017;

/**
 * MongoDB answers HTTP at its own port, with a line for people (mongo src/mongo/transport/asio). So the kubelet can ask the
 * program without its password, and without a shell that takes a second to start. It logs each question.
 */
export const MONGO_HEALTH = { health: "/", healthPeriod: 10 };

/** Folder of the data in that image. */
export const MONGO_DATA = "/data/db";

/** Folder of what runs once the user is made. */
const MONGO_SCRIPTS = "/docker-entrypoint-initdb.d";

/** Other folders that the image writes to (docker-library/mongo, 7.0/Dockerfile), with their greatest sizes. */
export const MONGO_FOLDERS = { "/data/configdb": "64Mi", [MONGO_SCRIPTS]: "1Mi" };

/** The user of explorer and dashboard. */
export const MONGO_USER = "explorer";

/** The Secret with the password of that user, which the step `explorer password` makes. */
export const MONGO_PASSWORD = { secret: "explorer-mongo", key: "password" };

const COMPLETE = `${MONGO_DATA}/smeshnet-complete`;

/**
 * Starts MongoDB by the image's own script. That script makes the user in an empty folder, and takes a folder with
 * files as one that has the user. A first start that was broken off would leave files that nobody can log in to. So
 * files without the mark of a complete start are removed; the collector fills a new database again.
 */
export const MONGO_START = [
  `[ -e ${COMPLETE} ] || rm -rf ${MONGO_DATA}/*`,
  `echo 'touch ${COMPLETE}' > ${MONGO_SCRIPTS}/complete.sh`,
  "exec docker-entrypoint.sh mongod",
].join("\n");

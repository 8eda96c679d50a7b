/** The sealing page's worker: the same desk, with a collector where the server would be. It asks nobody anything. */

import { systemRandom } from "../crypto/bytes";
import { Desk } from "../worker/desk";
import { networkOf, serve, today } from "../worker/serve";
import { Collector, type Directory } from "./collector";

/** Put in front of this script by the page that starts it (worker-urls.ts). */
declare const DIRECTORY: Directory;

const collector = new Collector(DIRECTORY, today);
const desk = new Desk(networkOf(collector.fetch), today, systemRandom);
serve(Object.assign(desk, { sealedFile: async () => collector.sealedFile() }));

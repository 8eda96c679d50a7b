/** The worker: keys, sealed bytes and requests live here, out of the page's reach. */

import { systemRandom } from "../crypto/bytes";
import { Desk } from "./desk";
import { networkOf, serve, today } from "./serve";

serve(new Desk(networkOf((path, init) => fetch(path, init)), today, systemRandom));

/** The workers' scripts, made from what is inside the page: from a local folder no page may load another file. */

import { byId } from "../ui/dom";

/** Set by the build: the scripts as text. */
declare const WORKER_SOURCE: string;
declare const METADATA_SOURCE: string;

function urlOf(script: string): string {
  return URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
}

// The build puts these in place of the addresses under which a server would have the workers.
export const WORKER_URL = urlOf(`const DIRECTORY = ${byId("directory").textContent};\n${WORKER_SOURCE}`);
export const METADATA_URL = urlOf(METADATA_SOURCE);

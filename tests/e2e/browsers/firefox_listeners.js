// Runs once in Firefox's chrome scope: collects page errors and HTTP requests in globalThis.peluitSeen.

const seen = (globalThis.peluitSeen = { errors: [], requests: [] });

// A page's own complaints: not those of the browser's code (some of which it makes on a page's behalf).
const note = (text, source) => {
  if (!/^(resource|chrome|moz-extension):/.test(source)) {
    seen.errors.push(`${text} (${source})`);
  }
};

// Uncaught errors and CSP violations come to the parent process by themselves.
seen.console = {
  observe(message) {
    if (!(message instanceof Ci.nsIScriptError) || message.category.startsWith("chrome ")) {
      return;
    }
    const { warningFlag, infoFlag } = Ci.nsIScriptError;
    if (!(message.flags & (warningFlag | infoFlag))) {
      note(message.errorMessage, message.sourceName);
    }
  },
};
Services.console.registerListener(seen.console);

// console.error() stays in the process of its page: a script in every process passes it on.
function relayConsole() {
  Cc["@mozilla.org/consoleAPI-storage;1"].getService(Ci.nsIConsoleAPIStorage).addLogEventListener(event => {
    const { level, arguments: words, filename } = event.wrappedJSObject ?? event;
    if (level === "error" || level === "assert") {
      sendAsyncMessage("peluit:console", { text: words.map(String).join(" "), filename });
    }
  }, Services.scriptSecurityManager.getSystemPrincipal());
}
Services.ppmm.addMessageListener("peluit:console", ({ data }) => note(data.text, data.filename));
Services.ppmm.loadProcessScript(`data:,${encodeURIComponent(`(${relayConsole})()`)}`, true);

const header = (channel, name) => {
  try {
    return channel.getRequestHeader(name);
  } catch {
    return null;
  }
};

seen.network = {
  observe(channel, topic) {
    channel.QueryInterface(Ci.nsIHttpChannel);
    if (topic === "http-on-opening-request") {
      const { channelId: id, requestMethod: method } = channel;
      seen.requests.push({ id, method, url: channel.URI.spec, status: null, sent: 0, received: null });
      return;
    }
    const request = seen.requests.find(each => each.id === channel.channelId);
    if (request && Components.isSuccessCode(channel.status)) {
      request.status = channel.responseStatus;
      request.sent = Number(header(channel, "Content-Length"));
      request.received = channel.transferSize;
    }
  },
};
Services.obs.addObserver(seen.network, "http-on-opening-request");
Services.obs.addObserver(seen.network, "http-on-stop-request");

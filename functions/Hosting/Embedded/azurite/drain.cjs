// Loaded into every service. Asked to stop, Azurite saves at once and then still answers what was under way, which is
// lost. So first no new request is taken, those under way are answered, and only then is Azurite told.
const http = require("http");

let underWay = 0;
let stop;

const emit = http.Server.prototype.emit;
http.Server.prototype.emit = function (event, request, response) {
  if (event === "request") {
    if (stop) {
      request.socket.destroy();
      return true;
    }

    underWay++;
    response.once("close", () => {
      underWay--;
      if (stop && underWay === 0) {
        stop();
      }
    });
  }

  return emit.apply(this, arguments);
};

const once = process.once;
process.once = function (event, listener) {
  return once.call(this, event, event !== "SIGINT" ? listener : () => {
    stop = listener;
    if (underWay === 0) {
      stop();
    }
  });
};

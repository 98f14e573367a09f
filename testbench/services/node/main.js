// SPDX-License-Identifier: Apache-2.0
// catalogue (node): the demo service of svcgate in JavaScript. Routes of the API, start and end of
// the process. ../README.md describes the API and the faults; c/ and go/ hold the same service.
'use strict';

const http = require('node:http');
const catalogue = require('./catalogue.js');
const faults = require('./faults.js');

const HEAD_MAX = 8192; // bytes of request line and headers
const BODY_MAX = 64 * 1024; // bytes of a request's body, which is never looked at

class Answer {
  status = 200;
  body = '';

  ok(value) {
    this.body = `${JSON.stringify(value)}\n`;
  }

  fail(status, message) {
    this.status = status;
    this.body = `${JSON.stringify({ error: message })}\n`;
  }
}

/** Decodes %XX, and + as a blank; throws when an escape is broken or the result is not UTF-8. */
function decode(text) {
  return decodeURIComponent(text.replace(/\+/g, ' '));
}

/** Reads `a=b&c=d` to a Map; the first of several with one name counts. Null when broken. */
function readQuery(query) {
  const parameters = new Map();
  try {
    for (const piece of query.split('&')) {
      const equals = piece.indexOf('=');
      const name = decode(equals < 0 ? piece : piece.slice(0, equals));
      const value = decode(equals < 0 ? '' : piece.slice(equals + 1));
      if (piece !== '' && !parameters.has(name))
        parameters.set(name, value);
    }
  } catch {
    return null;
  }
  return parameters;
}

/** One to nine digits; NaN for all else. */
function parseNumber(text) {
  return /^[0-9]{1,9}$/.test(text) ? Number(text) : NaN;
}

/** The parameter, or the default; NaN when it is no number in the range. */
function parameterNumber(parameters, name, low, high, otherwise) {
  const number = parameters.has(name) ? parseNumber(parameters.get(name)) : otherwise;
  return number >= low && number <= high ? number : NaN;
}

function getItems(query, answer) {
  const parameters = readQuery(query);
  if (!parameters)
    return answer.fail(400, 'bad query');
  const limit = parameterNumber(parameters, 'limit', 1, 100, 20);
  const offset = parameterNumber(parameters, 'offset', 0, 999999999, 0);
  if (Number.isNaN(limit))
    return answer.fail(400, 'bad limit');
  if (Number.isNaN(offset))
    return answer.fail(400, 'bad offset');
  return answer.ok(catalogue.list(limit, offset));
}

function getItem(idText, answer) {
  if (idText.includes('/'))
    return answer.fail(404, 'not found');
  const id = parseNumber(idText);
  if (Number.isNaN(id))
    return answer.fail(400, 'bad id');
  if (id < 1 || id > catalogue.ITEMS)
    return answer.fail(404, 'no such item');
  return answer.ok(catalogue.item(id));
}

function getSearch(query, answer) {
  const parameters = readQuery(query);
  if (!parameters)
    return answer.fail(400, 'bad query');
  const limit = parameterNumber(parameters, 'limit', 1, 100, 20);
  const q = parameters.get('q') || '';
  if (Number.isNaN(limit))
    return answer.fail(400, 'bad limit');
  if (q === '' || Buffer.byteLength(q) > catalogue.QUERY_MAX)
    return answer.fail(400, 'bad q');
  return answer.ok(catalogue.search(q, limit));
}

function getHealth(answer) {
  const starting = faults.value.FAULT_NEVER_READY > 0;
  answer.ok({ status: starting ? 'starting' : 'ok' });
  answer.status = starting ? 503 : 200;
}

function route(method, path, query, answer) {
  if (method !== 'GET' && method !== 'HEAD')
    answer.fail(405, 'method not allowed');
  else if (!path.startsWith('/') || /%(?![0-9A-Fa-f]{2})/.test(path))
    answer.fail(400, 'bad path');
  else if (path === '/healthz')
    getHealth(answer);
  else if (path === '/items')
    getItems(query, answer);
  else if (path.startsWith('/items/'))
    getItem(path.slice('/items/'.length), answer);
  else if (path === '/search')
    getSearch(query, answer);
  else
    answer.fail(404, 'not found');
}

/** The path and query of a target, which may also be a whole URL. */
function pathOf(target) {
  if (target.startsWith('http://'))
    target = target.replace(/^http:\/\/[^/]*/, '');
  const mark = target.indexOf('?');
  return mark < 0 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)];
}

function send(response, answer, close) {
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(answer.body),
  };
  if (answer.status === 405)
    headers.Allow = 'GET, HEAD';
  if (close || faults.value.FAULT_CLOSE > 0)
    headers.Connection = 'close';
  response.writeHead(answer.status, headers);
  response.end(answer.body);
}

/** What newer versions of Node.js refuse themselves. */
function isMalformed(request) {
  return /[^\x21-\x7e]/.test(request.url) ||
    (request.httpVersion === '1.1' && request.headers.host === undefined);
}

function onRequest(request, response) {
  const answer = new Answer();
  request.resume(); // a body is thrown away
  if (isMalformed(request)) {
    answer.fail(400, 'malformed request');
    send(response, answer, true);
  } else if (request.headers['transfer-encoding'] !== undefined) {
    answer.fail(411, 'length required');
    send(response, answer, true);
  } else if (Number(request.headers['content-length'] || 0) > BODY_MAX) {
    answer.fail(413, 'body too large');
    send(response, answer, true);
  } else {
    const [path, query] = pathOf(request.url);
    const counted = path !== '/healthz';
    const n = counted ? faults.begin() : 0;
    route(request.method, path, query, answer);
    const wait = counted ? faults.end(n, answer) : 0;
    if (wait > 0)
      setTimeout(send, wait, response, answer, false);
    else
      send(response, answer, false);
  }
}

/** Answers what never became a request. */
function onClientError(error, socket) {
  const tooLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const status = tooLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const message = tooLarge ? 'request head too large' : 'malformed request';
  const body = `${JSON.stringify({ error: message })}\n`;
  if (!socket.writable)
    return;
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: application/json\r\n` +
    `Content-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
}

function main() {
  const port = parseNumber(process.env.PORT || '8080');
  try {
    faults.read();
    if (!(port <= 65535))
      throw new Error(`PORT: not a number from 0 to 65535: ${process.env.PORT}`);
  } catch (error) {
    console.error(`catalogue (node): ${error.message}`);
    process.exit(2);
  }
  // Not left to the default action: as the first process of a container there is none.
  for (const signal of ['SIGTERM', 'SIGINT'])
    process.on(signal, () => process.exit(0));

  const server = http.createServer({ maxHeaderSize: HEAD_MAX }, onRequest);
  server.keepAliveTimeout = 75000;
  server.headersTimeout = 76000;
  server.on('clientError', onClientError);
  server.on('error', (error) => {
    console.error(`catalogue (node): ${error.message}`);
    process.exit(1);
  });
  server.listen(port, process.env.HOST || '0.0.0.0', () => {
    console.error(`catalogue (node) listening on :${server.address().port}${faults.describe()}`);
  });
}

main();

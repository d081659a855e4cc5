// A province's single sign-on for the tests: oidc-provider on loopback, everything in memory, with a form of its own to
// sign in. It ends with what started it.
//   node provider.mjs '{"client_id": …, "client_secret": …, "redirect_uri": …, "after_logout": …}'
// prints its issuer. POST /control tells it what is not as it should be; what is not named there is as it should be:
//   people: login → claims with sub   changes: claims of ID tokens, null takes one away
//   key: "own" | "foreign" | "public" (HS256 with the public key as the secret) | "none"
//   later: seconds by which its clock is ahead   broken: every answer is a 500
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { Provider } from 'oidc-provider';

const client = JSON.parse(process.argv[2]);
const usual = { people: {}, changes: {}, key: 'own', later: 0, broken: false };
let told = usual;

const now = Date.now;
Date.now = () => now() + told.later * 1000;

const [own, foreign] = await Promise.all([0, 1].map(() => generateKeyPair('RS256', { extractable: true })));
const jwk = { ...(await exportJWK(own.privateKey)), kid: 'one', alg: 'RS256', use: 'sig' };

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: client.client_id,
    client_secret: client.client_secret,
    redirect_uris: [client.redirect_uri],
    post_logout_redirect_uris: [client.after_logout],
  }],
  jwks: { keys: [jwk] },
  cookies: { keys: ['of the tests'] },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
  findAccount: (_, sub) => {
    const found = Object.values(told.people).find((claims) => claims.sub === sub);
    return found && { accountId: sub, claims: () => found };
  },
  loadExistingGrant: async ({ oidc }) => {
    const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope('openid profile email');
    await grant.save();
    return grant;
  },
});

async function sent(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function control(ctx, next) {
  if (ctx.path !== '/control') return next();
  told = { ...usual, ...JSON.parse(await sent(ctx.req)) };
  ctx.body = {};
}

async function signIn(ctx, next) {
  if (!ctx.path.startsWith('/sign-in/')) return next();
  if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = '<form method="post"><input name="login"><button>Sign in</button></form>';
    return undefined;
  }
  const person = told.people[new URLSearchParams(await sent(ctx.req)).get('login')];
  const result = person ? { login: { accountId: person.sub } } : { error: 'access_denied' };
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, result);
}

async function spoil(ctx, next) {
  ctx.assert(!told.broken, 500);
  await next();
  if (ctx.path === '/token' && ctx.body?.id_token) ctx.body.id_token = await respoken(ctx.body.id_token);
}

async function respoken(token) {
  if (told.key === 'own' && !Object.keys(told.changes).length) return token;
  const claims = { ...JSON.parse(Buffer.from(token.split('.')[1], 'base64url')), ...told.changes };
  for (const name of Object.keys(claims)) if (claims[name] === null) delete claims[name];
  if (told.key === 'none' || told.key === 'public') return byHand(claims);
  const key = told.key === 'foreign' ? foreign.privateKey : own.privateKey;
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one' }).sign(key);
}

async function byHand(claims) {
  const alg = told.key === 'none' ? 'none' : 'HS256';
  const said = [{ alg, kid: 'one' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const secret = await exportSPKI(own.publicKey);
  return `${said}.${alg === 'none' ? '' : createHmac('sha256', secret).update(said).digest('base64url')}`;
}

for (const step of [control, signIn, spoil]) provider.use(step);
server.on('request', provider.callback());
console.log(issuer);

// npm oidc-provider in memory, with one client and one account. It reads a number from each line of
// its input, and prints as many authorization codes, as if somebody had signed on as often.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import * as readline from "node:readline";
import Provider from "oidc-provider";

const [port, secret, callback, challenge] = process.argv.slice(2);
const scope = "openid profile offline_access";
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

// Its own keeps a thousand things; this one keeps what a round needs.
const kept = new Map();
class Memory {
  constructor(name) {
    this.name = name;
  }
  key(id) {
    return `${this.name}:${id}`;
  }
  async upsert(id, payload) {
    kept.set(this.key(id), payload);
  }
  async find(id) {
    return kept.get(this.key(id));
  }
  async findByUid() {}
  async findByUserCode() {}
  async consume(id) {
    kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    kept.delete(this.key(id));
  }
  async revokeByGrantId() {}
}

const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Memory,
  clients: [
    {
      client_id: "bench",
      client_secret: secret,
      redirect_uris: [callback],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_basic",
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: "jwk" }), use: "sig", alg: "RS256", kid: "k" }] },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  claims: { profile: ["name", "given_name", "family_name", "preferred_username"] },
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: "Lena Brandt",
      given_name: "Lena",
      family_name: "Brandt",
      preferred_username: "lena",
    }),
  }),
});

async function code(client) {
  const grant = new provider.Grant({ accountId: "lena", clientId: client.clientId });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  return new provider.AuthorizationCode({
    accountId: "lena",
    authTime: Math.floor(Date.now() / 1000),
    client,
    codeChallenge: challenge,
    codeChallengeMethod: "S256",
    grantId,
    nonce: "n-0S6_WzA2Mj",
    redirectUri: callback,
    scope,
    sessionUid: randomUUID(),
  }).save();
}

provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
const client = await provider.Client.find("bench");
for await (const line of readline.createInterface({ input: process.stdin })) {
  const codes = [];
  for (let n = 0; n < Number(line); n++) codes.push(await code(client));
  console.log(JSON.stringify(codes));
}
process.exit(0);

// An application as npm @node-saml/node-saml makes it: it prints where the browser has to go, reads
// what the browser's form brought, and prints what it was told of the person.
import { SAML } from "@node-saml/node-saml";
import * as readline from "node:readline";

const [entryPoint, idpIssuer, idpCert, issuer, callbackUrl, privateKey] = process.argv.slice(2);
const saml = new SAML({
  entryPoint,
  idpIssuer,
  idpCert,
  issuer,
  callbackUrl,
  privateKey,
  decryptionPvk: privateKey,
  audience: issuer,
  signatureAlgorithm: "sha256",
  wantAssertionsSigned: true,
  wantAuthnResponseSigned: true,
  validateInResponseTo: "always",
  identifierFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
  disableRequestedAuthnContext: true,
});
console.log(await saml.getAuthorizeUrlAsync("a-state", undefined, {}));

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();
for (;;) {
  const SAMLResponse = (await lines.next()).value;
  if (!SAMLResponse) break;
  const told = await saml
    .validatePostResponseAsync({ SAMLResponse })
    .then(({ profile }) => ({ nameID: profile.nameID, groups: profile.memberOf }))
    .catch((error) => ({ error: error.message }));
  console.log(JSON.stringify(told));
}
process.exit(0);

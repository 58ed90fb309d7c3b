import { query } from '../../app/command.js';
import { value } from '../../app/option.js';
import { outputFile, outputFileOption } from '../../app/options/output-file.js';
import { readProfile } from '../../app/profile/profile.js';
import { type ProfileUrl, parseProfileUrl } from '../../app/profile/url.js';
import { NscError } from '../../errors.js';
import { encodeJson } from '../../lib/canonical-json.js';
import { Secret } from '../../lib/secret.js';

export const command = query({
  summary: 'Tell other programs where creds and servers are',
  description:
    'Answers for a URL nsc://OPERATOR[/ACCOUNT[/USER]] with JSON: the path of the creds and the service URLs of the ' +
    'operator. Contexts of the nats tool use it. Arguments ask for more: operatorKey, accountKey, userKey, ' +
    'operatorName, accountName, userName, operatorSeed, accountSeed and userSeed (=KEY chooses one of its keys); key, ' +
    'name and seed are about the last part of the path, keys, names and seeds about all of them. store=DIR and ' +
    'keystore=DIR look in other directories. Nothing is selected, written or locked.',
  options: {
    url: value<ProfileUrl>(
      'url',
      { placeholder: 'URL', help: 'what to tell about; stands for the argument', hidden: true },
      parseProfileUrl,
    ),
    outputFile: { ...outputFileOption, help: 'write to this file (mode 0600), which must not be there yet' },
  },
  positional: { option: 'url', max: 1, placeholder: 'URL' },
  examples: [
    { command: "nsc generate profile 'nsc://Acme/Orders/alice'", what: 'creds and servers of a user' },
    { command: "nsc generate profile 'nsc://Acme/Orders?keys&accountName'", what: 'public keys and a name' },
  ],

  place: ({ url }) => ({ storeRoot: url?.storeRoot, keystoreDir: url?.keystoreDir }),

  run({ workspace }, { url, outputFile: file }) {
    if (url === undefined) {
      throw new NscError('missing-option', 'no URL was given', {
        hint: 'nsc generate profile nsc://OPERATOR/ACCOUNT/USER',
      });
    }
    const text = `${encodeJson(readProfile(workspace, url), { indent: 2 })}\n`;
    return {
      kind: 'emitted',
      what: 'tool configuration',
      content: url.wishes.some(({ what }) => what === 'seed') ? new Secret(text) : text,
      ...outputFile(file),
      replace: false,
      replaceHint: 'name another file, or remove this one',
    };
  },
});

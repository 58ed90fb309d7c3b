/**
 * A process that runs one command of nsc and is killed as soon as servers have answered.
 *
 *     REQUEST WORDS…   is killed after the first `update` or `remove`; `none` lets it live
 */
import type { Resolver } from '../../src/app/resolver.js';
import { main } from '../../src/cli/main.js';
import { exit, nodeWorld } from '../../src/cli/node-io.js';
import type { World } from '../../src/cli/world.js';
import { natsOf } from '../../src/remote/nats-link.js';
import { resolversOf } from '../../src/remote/resolvers.js';

const [deadly = 'none', ...args] = process.argv.slice(2);

const dyingAfter =
  <Words extends unknown[], Answer>(request: string, action: (...words: Words) => Promise<Answer>) =>
  async (...words: Words): Promise<Answer> => {
    const answer = await action(...words);
    if (request === deadly) {
      process.kill(process.pid, 'SIGKILL');
      // the signal comes before the next statement does
      for (;;);
    }
    return answer;
  };

const resolvers: World['resolvers'] = {
  async open(target) {
    const resolver: Resolver = await resolversOf({ nats: natsOf({ read: () => undefined }) }).open(target);
    const deadlyParts: Partial<Resolver> = {
      update: dyingAfter('update', (account, token) => resolver.update(account, token)),
      remove: dyingAfter('remove', (request) => resolver.remove(request)),
    };
    return new Proxy(resolver, {
      get(inner, name) {
        const member: unknown = Reflect.get(name in deadlyParts ? deadlyParts : inner, name, inner);
        return typeof member === 'function' ? member.bind(inner) : member;
      },
    });
  },
};

const world: World = Object.defineProperties({} as World, {
  ...Object.getOwnPropertyDescriptors(nodeWorld()),
  args: { value: args },
  resolvers: { value: resolvers },
});
void main(world).then(exit);

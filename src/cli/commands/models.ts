import { addModel, removeModel, showModel, verifyModels } from '../../app/models.ts';
import { KeysliceError } from '../../contract/errors.ts';
import type { Command, CommandContext } from '../command.ts';
import { UsageError } from '../usage.ts';

async function list({ terminal, installation }: CommandContext): Promise<void> {
  const { models, errors } = await verifyModels(installation);
  terminal.result({ models }, () =>
    models.map(
      ({ id, version, title, ok }) =>
        `${id} ${version}  ${title}${ok ? '' : `  (${errors.get(id)?.message ?? ''})`}`,
    ),
  );
}

/** Like list, but a package that does not hold is an error. */
async function verify(context: CommandContext): Promise<void> {
  const { errors } = await verifyModels(context.installation);
  const [first] = errors.values();
  if (first !== undefined) throw KeysliceError.from(first);
  await list(context);
}

export const models: Command = {
  options: {},
  async run(context) {
    const { options, terminal, installation } = context;
    const [verb = 'list', name, ...rest] = options.positionals;
    const needed = (): string => {
      if (name === undefined || rest.length > 0) throw new UsageError(`models ${verb} takes one name`);
      return name;
    };
    switch (verb) {
      case 'list':
        await list(context);
        break;
      case 'verify':
        await verify(context);
        break;
      case 'show': {
        const card = await showModel(installation, needed());
        terminal.result(card, () => JSON.stringify(card, null, 2).split('\n'));
        break;
      }
      case 'add': {
        const card = await addModel(needed());
        terminal.result({ added: card.id, version: card.version }, () => [
          `added ${card.id} ${card.version}`,
        ]);
        break;
      }
      case 'remove': {
        const removed = needed();
        const path = await removeModel(removed);
        terminal.result({ removed, path }, () => [`removed ${path}`]);
        break;
      }
      default:
        throw new UsageError(`models has no ${verb}`);
    }
    return [];
  },
};

import { fill, pair, Struct } from 'step-10';
import type { BoxRecord } from '../containers/record.ts';
import { byName } from '../shown/by-name.ts';
import { commandText } from '../shown/command.ts';

/**
 * What `--log-opt labels=…`, `labels-regex=…`, `env=…`, `env-regex=…` and `tag=…` name of a container, which docker adds to each
 * line of its log: sorted by name, as Go writes a map.
 *
 * @throws {Error} if one of them is no expression or no template
 */
export function attributesOf(record: BoxRecord): Record<string, string> {
  const { labels, options, logging } = record;
  const variables = Object.fromEntries(options.env.filter((one) => one.includes('=')).map(pair));
  const tag = tagOf(record);
  const its = {
    ...named(labels, 'labels', logging.options),
    ...named(variables, 'env', logging.options),
    ...(tag !== '' && { tag }),
  };
  return Object.fromEntries(byName(its));
}

function tagOf(record: BoxRecord): string {
  const { tag = '' } = record.logging.options;
  try {
    return fill(tag, tagged(record));
  } catch (error) {
    throw new Error(`--log-opt tag=${tag}: ${(error as Error).message}`);
  }
}

type Texts = Readonly<Record<string, string>>;

function named(from: Texts, option: 'labels' | 'env', options: Texts): Record<string, string> {
  const wanted = (options[option] ?? '').split(',');
  const like = expressionOf(`${option}-regex`, options);
  return Object.fromEntries(Object.entries(from).filter(([name]) => wanted.includes(name) || like?.test(name)));
}

function expressionOf(option: string, { [option]: text = '' }: Texts): RegExp | undefined {
  try {
    return text === '' ? undefined : new RegExp(text);
  } catch (error) {
    throw new Error(`--log-opt ${option}=${text}: ${(error as Error).message}`);
  }
}

/** What a tag's template can name: `{{.Name}}/{{.ID}}`. */
function tagged({ id, name, imageName, image = '', options, labels }: BoxRecord): Struct {
  const short = (whole: string) => whole.replace(/^sha256:/, '').slice(0, 12);
  return new Struct('logger.Info', {
    ...{ ID: short(id), FullID: id, Name: name, DaemonName: 'boxstep' },
    ...{ ImageID: short(image), ImageFullID: image, ImageName: imageName },
    Command: commandText(options.command),
    ...{ ContainerID: id, ContainerName: `/${name}`, ContainerImageID: image, ContainerImageName: imageName },
    ...{ ContainerEnv: options.env, ContainerLabels: labels },
  });
}

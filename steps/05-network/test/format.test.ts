import { describe, expect, test } from 'vitest';
import { listing } from '../src/format/listing.ts';
import { naturally } from '../src/format/natural.ts';
import { NO_LIST, NO_MAP, Struct } from '../src/format/template/values.ts';
import { fill } from '../src/format/template.ts';

const data = new Struct('container.InspectResponse', {
  Name: 'web',
  Size: 3,
  Cmd: ['sh', '-c', 'x'],
  Empty: [],
  Config: { Labels: { b: '2', a: '1' }, User: '' },
});

describe('a template is filled in as by Go', () => {
  test.each([
    ['{{.Name}}', 'web'],
    ['{{ .Config.Labels }} {{.Cmd}}', 'map[a:1 b:2] [sh -c x]'],
    ['{{json .Config.Labels}}', '{"b":"2","a":"1"}'],
    ['{{join .Cmd ", "}} {{.Name | upper}} {{len .Cmd}}', 'sh, -c, x WEB 3'],
    ['{{range .Cmd}}<{{.}}>{{end}}', '<sh><-c><x>'],
    ['{{range $i, $word := .Cmd}}{{$i}}={{$word}} {{$.Name}};{{end}}', '0=sh web;1=-c web;2=x web;'],
    ['{{range $k, $v := .Config.Labels}}{{$k}}{{$v}}{{end}}', 'a1b2'],
    ['{{range .Empty}}x{{else}}none{{end}}', 'none'],
    ['{{if .Config.User}}u{{else if eq .Name "web"}}w{{else}}n{{end}}', 'w'],
    ['{{if and .Name (not .Empty)}}yes{{end}}{{if .Empty}}{{range .Cmd}}no{{end}}{{end}}', 'yes'],
    ['{{with .Config}}{{index .Labels "a"}}{{end}}', '1'],
    ['{{index .Cmd 1}}\\t{{println "x"}}', '-c\\tx\n'],
    ['{{if or .Config.User .Name}}{{printf}}{{end}}', null],
    ['{{.Nmae}}', null],
    ['{{.Name', null],
    ['{{if .Name}}', null],
    ['{{end}}', null],
  ])('%s', (template, expected) => {
    if (expected === null) expect(() => fill(template, data)).toThrow(/template/);
    else expect(fill(template, data)).toBe(expected);
  });
});

// As Go's text/template answers, with docker's functions.
describe('a template means what it means to docker', () => {
  const inspected = new Struct('container.InspectResponse', {
    Id: 'abc',
    State: new Struct('container.State', { Status: 'exited', ExitCode: 137, Running: false }),
    Mounts: NO_LIST,
    Volumes: NO_MAP,
    Policy: new Struct('container.RestartPolicy', { Name: 'on-failure', MaximumRetryCount: 3 }),
    Ports: { '80/tcp': [new Struct('network.PortBinding', { HostIp: '0.0.0.0', HostPort: '8080' })] },
    Labels: { 'com.example.a': 'x', b: '' },
    Label: (name: string) => `<${name}>`,
  });

  test.each([
    ['{{.State.Status}} ({{.State.ExitCode}})', 'exited (137)'],
    ['{{.Mounts}} {{json .Mounts}} {{.Volumes}} {{json .Volumes}}', '[] null map[] null'],
    ['{{.Policy}} {{.Ports}}', '{on-failure 3} map[80/tcp:[{0.0.0.0 8080}]]'],
    ['{{(index (index .Ports "80/tcp") 0).HostPort}}', '8080'],
    ['{{range $p, $conf := .Ports}}{{$p}} -> {{(index $conf 0).HostPort}}{{end}}', '80/tcp -> 8080'],
    ['{{.Labels.c}}{{index .Labels "c"}}{{index .Labels "com.example.a"}}', '<no value>x'],
    ['{{.Label "b"}} {{"c" | .Label}}', '<b> <c>'],
    ['a  {{- /* nobody sees this */ -}}  b {{- .Id -}} c', 'ababcc'],
    ['{{- "{{" }} {{`}}` -}} ', '{{ }}'],
    ['{{$x := 1}}{{if true}}{{$x = 2}}{{$x := 3}}{{end}}{{$x}}', '2'],
    ['{{with $s := .State}}{{$s.Status}}{{.ExitCode}}{{end}}{{with .Mounts}}x{{else}}none{{end}}', 'exited137none'],
    ['{{with .Mounts}}x{{else with .Id}}{{.}}{{end}}', 'abc'],
    ['{{range 5}}{{if eq . 1}}{{continue}}{{end}}{{if gt . 2}}{{break}}{{end}}{{.}}{{end}}', '02'],
    ['{{if and (lt .State.ExitCode 200) (ne .Id "x")}}y{{end}}{{if or .Mounts .State.Running}}n{{end}}', 'y'],
    ['{{if or .Id (index .Mounts 3)}}never looked at{{end}}', 'never looked at'],
    ['{{if eq .State.ExitCode 0 1 137}}one of them{{end}}', 'one of them'],
    [
      '{{printf "%-5s|%5d|%05.1f|%q|%v|%t|%x|%%|%s" .Id 7 1.25 "a" .Mounts true 255 .State}}',
      'abc  |    7|001.3|"a"|[]|true|ff|%|{exited 137 false}',
    ],
    ['{{printf "%d %s" "a"}}', '%!d(string=a) %!s(MISSING)'],
    ['{{printf "%s" "a" 1}}', 'a%!(EXTRA int=1)'],
    ['{{print 1 2 "a" "b" 3}}|{{println "a" 1}}', '1 2ab3|a 1\n'],
    ['{{pad .Id 1 2}}|{{pad "" 1 2}}|{{truncate .Id 2}}|{{truncate .Id 9}}', ' abc  ||ab|abc'],
    [
      '{{title "hello, wORLD"}} {{lower "A"}} {{index (split "a/b" "/") 1}} {{slice "abcd" 1 3}}',
      'Hello, WORLD a b bc',
    ],
    ['{{len .Id}}{{len .Ports}}{{len .Mounts}}', '310'],
    ['{{html "<a>\'"}}|{{\'a\'}}|{{1.5}}|{{0x10}}|{{"\\t\\u00e4"}}', '&lt;a&gt;&#39;|97|1.5|16|\tä'],
    ['{{js "a\'<"}} {{urlquery "a b!&"}} {{println}}{{print}}{{printf "%U" 65}}', "a\\'\\u003C a+b%21%26 \nU+0041"],
    ['{{define "x"}}<{{.}}>{{end}}{{template "x" .Id}}{{template "x"}}', '<abc><<no value>>'],
    ['{{block "x" .State}}{{.ExitCode}}{{end}}{{template "x" .State}}', '137137'],
    ['{{slice "abc" 0 3}}{{json "<&>"}}', 'abc"<&>"'],
    ['{{.State.Health}}', 'template: :1:8: executing "" at <.State.Health>: map has no entry for key "Health"'],
    [
      '{{.State.Health.Status}}',
      'template: :1:8: executing "" at <.State.Health.Status>: map has no entry for key "Health"',
    ],
    ['a\nb {{.Nope}}', 'template: :2:4: executing "" at <.Nope>: map has no entry for key "Nope"'],
    [
      '{{index .Mounts 1}}',
      'template: :1:2: executing "" at <index .Mounts 1>: error calling index: index of untyped nil',
    ],
    [
      '{{upper .State.ExitCode}}',
      'template: :1:14: executing "" at <.State.ExitCode>: wrong type for value; expected string; got int',
    ],
    [
      '{{if eq .Id 1}}{{end}}',
      'template: :1:5: executing "" at <eq .Id 1>: error calling eq: incompatible types for comparison',
    ],
    ['{{range .Id}}{{end}}', 'template: :1:8: executing "" at <.Id>: range can\'t iterate over abc'],
    ['{{.Id.Name}}', 'template: :1:5: executing "" at <.Id.Name>: can\'t evaluate field Name in type interface {}'],
    [
      '{{join .Labels ","}}',
      'template: :1:7: executing "" at <.Labels>: wrong type for value; expected []string; got map[string]interface {}',
    ],
    ['{{upper 1}}', 'template: :1:8: executing "" at <1>: expected string; found 1'],
    ['{{truncate .Id "x"}}', 'template: :1:15: executing "" at <"x">: expected integer; found "x"'],
    [
      '{{slice .Id 0 4}}',
      'template: :1:2: executing "" at <slice .Id 0 4>: error calling slice: index out of range: 4',
    ],
    [
      '{{index .Id 3}}',
      'template: :1:2: executing "" at <index .Id 3>: error calling index: reflect: string index out of range',
    ],
    ['{{eq .Id}}', 'template: :1:2: executing "" at <eq .Id>: error calling eq: missing argument for comparison'],
    ['{{call .Id}}', 'template: :1:2: executing "" at <call .Id>: error calling call: non-function .Id of type string'],
    ['{{template "x"}}', 'template: :1:11: executing "" at <{{template "x"}}>: template "x" not defined'],
    [
      '{{define "x"}}{{.Id.Name}}{{end}}{{template "x" .}}',
      'template: :1:19: executing "x" at <.Id.Name>: can\'t evaluate field Name in type interface {}',
    ],
    ['{{if true}}{{define "x"}}{{end}}{{end}}', 'template: :1: unexpected {{define}}'],
    ['{{range $k, $v := .Id}}{{end}}', 'template: :1:18: executing "" at <.Id>: range can\'t iterate over abc'],
    ["{{'ab'}}", "template: :1: malformed character constant: 'ab'"],
    ['{{len .Id .Id}}', 'template: :1:2: executing "" at <len>: wrong number of args for len: want 1 got 2'],
    ['{{len}}', 'template: :1:2: executing "" at <len>: wrong number of args for len: want 1 got 0'],
    ['{{.Id', 'template: :1: unclosed action'],
    ['\n{{if .Id}}', 'template: :2: unexpected EOF'],
    ['{{end}}', 'template: :1: unexpected {{end}}'],
    ['{{nope .Id}}', 'template: :1: function "nope" not defined'],
    ['{{$x}}', 'template: :1: undefined variable "$x"'],
    ['{{}}', 'template: :1: missing value for command'],
    ['{{if}}{{end}}', 'template: :1: missing value for if'],
    ['{{.Id | }}', 'template: :1: missing value for command'],
    ['{{(.Id}}', 'template: :1: unclosed left paren'],
    ['{{.Id)}}', 'template: :1: unexpected right paren'],
    ['{{.Id | 1}}', 'template: :1: non executable command in pipeline stage 2'],
    ['{{"a}}', 'template: :1: unterminated quoted string'],
    ['{{/* a }}', 'template: :1: unclosed comment'],
    ['{{.Id @}}', "template: :1: unrecognized character in action: U+0040 '@'"],
    ['{{break}}', 'template: :1: {{break}} outside {{range}}'],
  ])('%j', (template, expected) => {
    if (expected.startsWith('template: ')) {
      expect(() => fill(template, inspected)).toThrow(
        expect.objectContaining({ message: `template parsing error: ${expected}` }),
      );
    } else expect(fill(template, inspected)).toBe(expected);
  });
});

test('names with numbers in them are sorted by the numbers', () => {
  const names = ['v10', 'v2', 'a', 'v1', 'v02', 'v2b', 'v'];
  expect(names.toSorted(naturally)).toEqual(['a', 'v', 'v1', 'v2', 'v2b', 'v02', 'v10']);
});

describe('a list', () => {
  const layout = {
    headings: { ID: 'IMAGE ID', Tag: 'TAG' },
    shown: ['ID', 'Tag'],
    type: '*formatter.imageContext',
    raw: 'id: {{.ID}}\n',
  };
  const rows = [
    { ID: 'abc', Tag: 'latest' },
    { ID: 'abcdefghijkl', Tag: '<1>' },
  ];

  test('is a table, JSON, or what a template makes of each row', () => {
    expect(listing(rows, layout)).toBe('IMAGE ID       TAG\nabc            latest\nabcdefghijkl   <1>\n');
    expect(listing(rows, layout, 'table {{.Tag}}')).toBe('TAG\nlatest\n<1>\n');
    expect(listing(rows, layout, '{{.Tag}}@{{.ID}}')).toBe('latest@abc\n<1>@abcdefghijkl\n');
    expect(listing(rows, layout, 'raw')).toBe('id: abc\n\nid: abcdefghijkl\n\n');
    expect(listing(rows, layout, 'json')).toBe(
      '{"ID":"abc","Tag":"latest"}\n{"ID":"abcdefghijkl","Tag":"\\u003c1\\u003e"}\n',
    );
  });

  test('has headings of its own, whatever is done with a field', () => {
    expect(listing(rows, layout, 'table {{upper .ID}}\\t{{lower .Tag}}')).toBe(
      'IMAGE ID       TAG\nABC            latest\nABCDEFGHIJKL   <1>\n',
    );
    expect(listing([], { ...layout, headings: {} }, 'table {{.Label "com.example.some-label"}}')).toBe('some label\n');
  });

  test('asks a cell that is a function only where it is shown, and passes over one that takes a name', () => {
    let asked = 0;
    const row = { ID: 'abc', Tag: () => String(++asked), Label: (name: string) => `<${name}>` };
    expect(listing([row], { ...layout, shown: ['ID'] })).toBe('IMAGE ID\nabc\n');
    expect(listing([row], layout, '{{.ID}} {{.Label "a"}}')).toBe('abc <a>\n');
    expect(asked).toBe(0);
    expect(listing([row], layout)).toBe('IMAGE ID   TAG\nabc        1\n');
    expect(listing([row], layout, '{{.Tag}} {{json .}}')).toBe('2 {"ID":"abc","Tag":"3"}\n');
  });

  test('names a field that it doesn’t have as docker does', () => {
    expect(() => listing(rows, layout, '{{.Nope}}')).toThrow(
      `template parsing error: template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type *formatter.imageContext`,
    );
    expect(listing([], layout, '{{.Nope}}')).toBe('');
    expect(() => listing([], layout, '{{.Nope')).toThrow('template parsing error: template: :1: unclosed action');
  });
});

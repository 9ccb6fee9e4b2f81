import { describe, expect, test } from 'vitest';
import { listing } from '../src/format/listing.ts';
import { fill } from '../src/format/template.ts';

const data = {
  Name: 'web',
  Size: 3,
  Cmd: ['sh', '-c', 'x'],
  Empty: [],
  Config: { Labels: { b: '2', a: '1' }, User: '' },
};

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
    ['{{index .Cmd 1}}\\t{{println "x"}}', '-c\tx\n'],
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

test('a list is a table, JSON, or what a template makes of each row', () => {
  const layout = { headings: { ID: 'IMAGE ID', Tag: 'TAG' }, shown: ['ID', 'Tag'] };
  const rows = [
    { ID: 'abc', Tag: 'latest' },
    { ID: 'abcdefghijkl', Tag: '1' },
  ];
  expect(listing(rows, layout)).toBe('IMAGE ID       TAG\nabc            latest\nabcdefghijkl   1\n');
  expect(listing(rows, layout, 'table {{.Tag}}')).toBe('TAG\nlatest\n1\n');
  expect(listing(rows, layout, '{{.Tag}}@{{.ID}}')).toBe('latest@abc\n1@abcdefghijkl\n');
  expect(listing(rows, layout, 'json')).toBe('{"ID":"abc","Tag":"latest"}\n{"ID":"abcdefghijkl","Tag":"1"}\n');
});

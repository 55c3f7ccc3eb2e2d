import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { MAX_INTERFACES } from '../limits.js';
import {
  type InterfaceChoice,
  interfaceAddresses,
  leftOutOf,
  missingOf,
  Neighbourhood,
  type SystemInterfaces,
} from './interfaces.js';

const zone = process.platform === 'win32' ? '7' : 'eth0';

const v4 = (address: string, prefix = 24, internal = false): NetworkInterfaceInfo => {
  const common = { netmask: '', mac: '', internal, cidr: `${address}/${prefix}` };
  return { ...common, address, family: 'IPv4' };
};
const v6 = (address: string, prefix = 64, internal = false): NetworkInterfaceInfo => {
  const common = { netmask: '', mac: '', internal, cidr: `${address}/${prefix}` };
  return { ...common, address, family: 'IPv6', scopeid: 7 };
};

const system: SystemInterfaces = {
  lo: [v4('127.0.0.1', 8, true), v6('::1', 128, true)],
  eth0: [v4('10.0.0.5'), v4('10.0.9.5'), v6('2001:db8::5'), v6('fe80::5')],
  tun0: [v6('fd00::1')],
};

const chosen = (choice: Partial<InterfaceChoice>): string[] =>
  interfaceAddresses(system, { interfaces: undefined, family: 'any', ...choice }).map(
    ({ address }) => address,
  );

test('by default all interfaces but loopback, all addresses of IPv4, for IPv6 the link-local one', () => {
  assert.deepEqual(chosen({}), ['10.0.0.5', '10.0.9.5', 'fe80::5', 'fd00::1']);
});

test('interfaces are chosen by name or address, a family by its name', () => {
  assert.deepEqual(chosen({ interfaces: ['eth0'] }), ['10.0.0.5', '10.0.9.5', 'fe80::5']);
  assert.deepEqual(chosen({ interfaces: ['10.0.9.5', 'tun0'] }), ['10.0.9.5', 'fd00::1']);
  assert.deepEqual(chosen({ interfaces: ['2001:db8::5'] }), ['2001:db8::5']);
  assert.deepEqual(chosen({ interfaces: ['fe80::5%eth0'] }), ['fe80::5']);
  assert.deepEqual(chosen({ family: 'IPv4' }), ['10.0.0.5', '10.0.9.5']);
  assert.deepEqual(chosen({ family: 'IPv6' }), ['fe80::5', 'fd00::1']);
});

test('loopback is used when it is asked for, with IPv4, whatever it is called', () => {
  assert.deepEqual(chosen({ interfaces: ['lo'] }), ['127.0.0.1']);
  assert.deepEqual(chosen({ interfaces: ['127.0.0.1'] }), ['127.0.0.1']);
  assert.deepEqual(chosen({ interfaces: ['lo'], family: 'IPv6' }), ['::1']);
  const mac = { lo0: [v4('127.0.0.1', 8, true)] };
  assert.equal(interfaceAddresses(mac, { interfaces: ['lo'], family: 'any' })[0]?.interface, 'lo0');
});

test('what was chosen and is not there is told', () => {
  const interfaces = ['eth0', 'eth1', '10.0.0.6', 'tun0'];
  assert.deepEqual(missingOf(system, { interfaces, family: 'any' }), ['eth1', '10.0.0.6']);
  assert.deepEqual(missingOf(system, { interfaces, family: 'IPv4' }), ['eth1', '10.0.0.6', 'tun0']);
  assert.deepEqual(missingOf(system, { interfaces: undefined, family: 'any' }), []);
});

test('the group is reached by one address of each family of an interface, and by a makeshift one last', () => {
  const both = { eth0: [v4('169.254.7.7', 16), v4('10.0.0.5'), v6('2001:db8::5'), v6('fe80::5')] };
  const ways = interfaceAddresses(both, { interfaces: undefined, family: 'any' });
  assert.deepEqual(
    ways.map(({ address, isMain }) => [address, isMain]),
    [
      ['10.0.0.5', true],
      ['169.254.7.7', false],
      ['fe80::5', true],
    ],
  );
  const near = new Neighbourhood(ways);
  assert.ok(near.has('169.254.200.1', 'IPv4') && near.has('10.0.0.77', 'IPv4'));
});

test('of more interfaces than are used those of containers are left out, and told', () => {
  const names = Array.from({ length: 2 * MAX_INTERFACES }, (_, number) => `veth${number}x`);
  const many = Object.fromEntries([...names, 'enx1'].map((name, at) => [name, [v4(`10.${at}.0.1`)]]));
  const choice: InterfaceChoice = { interfaces: undefined, family: 'any' };
  const used = interfaceAddresses(many, choice).map((way) => way.interface);
  assert.deepEqual(used, ['enx1', ...names.slice(0, MAX_INTERFACES - 1)]);
  assert.deepEqual(leftOutOf(many, choice), names.slice(MAX_INTERFACES - 1));
  // What is named is used.
  assert.equal(interfaceAddresses(many, { ...choice, interfaces: [names.at(-1) as string] }).length, 1);
});

test('near is what is in a subnet, or has the zone, of one of the ways', () => {
  const near = new Neighbourhood(interfaceAddresses(system, { interfaces: ['eth0'], family: 'any' }));
  assert.ok(near.has('10.0.0.77', 'IPv4'));
  assert.ok(!near.has('10.0.1.77', 'IPv4'));
  assert.ok(!near.has('127.0.0.1', 'IPv4'));
  assert.ok(near.has(`fe80::99%${zone}`, 'IPv6'));
  assert.ok(!near.has('fe80::99%eth9', 'IPv6'));
  assert.ok(!near.has('2001:db8:1::1', 'IPv6'));
});

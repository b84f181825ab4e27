// Duplicates of a corpus by DuckDB: duckdb_duplicates.js CORPUS.tsv [WORDS MOST] (made by identity_bench make). Blocks by the
// rarest WORDS (2) of a record that at most MOST (80) records have, compares names by Jaro-Winkler, with two threads; prints
// seconds, recall and precision.
'use strict';
let duckdb;
try {
  duckdb = require('@duckdb/node-api');
} catch {
  console.log('SKIP: @duckdb/node-api is not installed (npm ci in bench/peers)');
  process.exit(0);
}

(async () => {
  const db = await duckdb.DuckDBInstance.create(':memory:', { threads: '2' });
  const c = await db.connect();
  const file = process.argv[2].replace(/'/g, "''");
  const words = Number(process.argv[3] || 2), most = Number(process.argv[4] || 80);
  const start = process.hrtime.bigint();
  await c.run(`CREATE TABLE org AS SELECT * FROM read_csv('${file}', delim='\t', header=false, quote='', escape='',
    names=['id', 'original', 'country', 'city', 'names'],
    types={'id': 'UINTEGER', 'original': 'UINTEGER', 'country': 'VARCHAR', 'city': 'VARCHAR', 'names': 'VARCHAR'})`);
  await c.run(`CREATE TABLE name AS SELECT id, country,
    trim(regexp_replace(strip_accents(lower(unnest(string_split(names, '|')))), '[^a-z0-9а-яё]+', ' ', 'g')) AS n FROM org`);
  await c.run(`CREATE TABLE word AS SELECT DISTINCT id, w FROM (SELECT id, unnest(string_split(n, ' ')) AS w FROM name) WHERE length(w) > 1`);
  await c.run('CREATE TABLE df AS SELECT w, count(*) AS df FROM word GROUP BY w');
  await c.run(`CREATE TABLE rare AS SELECT id, w FROM (SELECT id, w, df, row_number() OVER (PARTITION BY id ORDER BY df, w) AS k
    FROM word JOIN df USING (w)) WHERE k <= ${words} AND df <= ${most}`);
  await c.run('CREATE TABLE pair AS SELECT DISTINCT a.id AS x, b.id AS y FROM rare a JOIN rare b ON a.w = b.w AND a.id < b.id');
  await c.run(`CREATE TABLE scored AS SELECT x, y, max(jaro_winkler_similarity(a.n, b.n)) AS s
    FROM pair JOIN name a ON a.id = x JOIN name b ON b.id = y WHERE a.country = b.country GROUP BY x, y`);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const one = async (sql) => (await (await c.runAndReadAll(sql)).getRows())[0].map(Number);
  const [pairs] = await one('SELECT count(*) FROM pair');
  console.log(`${seconds.toFixed(2)} s, ${pairs} candidates`);
  const [twins] = await one('SELECT count(*) FROM org WHERE original <> 0');
  for (const least of [0.85, 0.9, 0.94, 0.97]) {
    const [all, right] = await one(`SELECT count(*), count(*) FILTER (WHERE a.original = y OR b.original = x)
      FROM scored JOIN org a ON a.id = x JOIN org b ON b.id = y WHERE s >= ${least}`);
    console.log(`Jaro-Winkler >= ${least}: recall ${(right / twins).toFixed(3)} precision ${(all === 0 ? 1 : right / all).toFixed(3)} (${all} pairs)`);
  }
})().catch((error) => {
  console.error(error);
  process.exit(1);
});

// Duplicates of a corpus by DuckDB: duckdb_duplicates.js CORPUS.tsv [WORDS MOST] (made by identity_bench make). Folds and
// transliterates names in SQL, without legal forms and joining words; blocks by country and by the rarest WORDS (2) of a name
// that at most MOST (80) records have; compares names by Jaro-Winkler as they are and with their words in alphabetical order,
// with two threads; prints seconds, processor time, recall and precision.
'use strict';
let duckdb;
try {
  duckdb = require('@duckdb/node-api');
} catch {
  console.log('SKIP: @duckdb/node-api is not installed (npm ci in bench/peers)');
  process.exit(0);
}
const cyr = [['ж','zh'],['х','kh'],['ц','ts'],['ч','ch'],['ш','sh'],['щ','shch'],['ю','yu'],['я','ya'],['ъ',''],['ь','']];
const fold = (x) => {
  let s = `translate(strip_accents(lower(${x})), 'đабвгдеёзийклмнопрстуфыэ', 'dabvgdeeziiklmnoprstufye')`;
  for (const [a, b] of cyr) s = `replace(${s}, '${a}', '${b}')`;
  return s;
};
(async () => {
  const db = await duckdb.DuckDBInstance.create(':memory:', { threads: '2' });
  const c = await db.connect();
  const file = process.argv[2].replace(/'/g, "''");
  const words = Number(process.argv[3] || 2), most = Number(process.argv[4] || 80);
  const start = process.hrtime.bigint(), cpu = process.cpuUsage();
  await c.run(`CREATE TABLE org AS SELECT * FROM read_csv('${file}', delim='\t', header=false, quote='', escape='',
    names=['id', 'original', 'country', 'city', 'names'],
    types={'id': 'UINTEGER', 'original': 'UINTEGER', 'country': 'VARCHAR', 'city': 'VARCHAR', 'names': 'VARCHAR'})`);
  await c.run(`CREATE TABLE name AS SELECT id, country, k, n, array_to_string(list_sort(list_filter(string_split(n, ' '), x -> x NOT IN
      ('ooo', 'ao', 'oao', 'zao', 'pao', 'llc', 'ltd', 'jsc', 'inc', 'gmbh', 'co', 'tnhh', 'cp', 'ctcp', 'the', 'of', 'and', 'va', 'i'))), ' ') AS sorted
    FROM (SELECT id, country, row_number() OVER () AS k,
      trim(regexp_replace(${fold('name')}, '[^a-z0-9]+', ' ', 'g')) AS n FROM (SELECT id, country, unnest(string_split(names, '|')) AS name FROM org))`);
  await c.run(`CREATE TABLE word AS SELECT DISTINCT k, id, country, w FROM (SELECT k, id, country, unnest(string_split(sorted, ' ')) AS w FROM name) WHERE length(w) > 1`);
  await c.run('CREATE TABLE df AS SELECT w, count(DISTINCT id) AS df FROM word GROUP BY w');
  await c.run(`CREATE TABLE rare AS SELECT DISTINCT k, id, country, w FROM (SELECT k, id, country, w, df, row_number() OVER (PARTITION BY k ORDER BY df, w) AS r
    FROM word JOIN df USING (w)) WHERE r <= ${words} AND df <= ${most} AND df > 1`);
  await c.run('CREATE TABLE pair AS SELECT DISTINCT a.k AS x, b.k AS y FROM rare a JOIN rare b ON a.w = b.w AND a.country = b.country AND a.id < b.id');
  await c.run(`CREATE TABLE scored AS SELECT a.id AS x, b.id AS y, max(greatest(jaro_winkler_similarity(a.n, b.n, 0.8), jaro_winkler_similarity(a.sorted, b.sorted, 0.8))) AS s
    FROM pair JOIN name a ON a.k = x JOIN name b ON b.k = y GROUP BY a.id, b.id`);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9, used = process.cpuUsage(cpu);
  const one = async (sql) => (await (await c.runAndReadAll(sql)).getRows())[0].map(Number);
  const [pairs] = await one('SELECT count(*) FROM pair');
  console.log(`${seconds.toFixed(2)} s, ${((used.user + used.system) / 1e6).toFixed(2)} s of processor time, ${pairs} candidates`);
  const [twins] = await one('SELECT count(*) FROM org WHERE original <> 0');
  for (const least of [0.8, 0.85, 0.9, 0.94, 0.96, 0.98]) {
    const [all, right] = await one(`SELECT count(*), count(*) FILTER (WHERE a.original = y OR b.original = x)
      FROM scored JOIN org a ON a.id = x JOIN org b ON b.id = y WHERE s >= ${least}`);
    console.log(`Jaro-Winkler >= ${least}: recall ${(right / twins).toFixed(3)} precision ${(all === 0 ? 1 : right / all).toFixed(3)} (${all} pairs)`);
  }
})().catch((error) => { console.error(error); process.exit(1); });

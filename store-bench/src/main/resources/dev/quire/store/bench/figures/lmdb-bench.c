/* The workloads of store-bench with LMDB in C, without a JVM.
 *
 * usage: lmdb-bench WORKLOAD PEER DIRECTORY ENTRIES VALUE_BYTES DURABLE WARMUP_MS MEASURE_MS SEED
 *
 * The words are those of a trial, the names those of Workload and Metric. It prints a line
 * `figure METRIC NUMBER` for each figure; the exit code is 1 if a result is wrong. Entries, keys
 * and checks are those of Entry; each session keeps one read transaction, which is renewed for
 * each get, and one cursor for ranges.
 */

#include <lmdb.h>
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KEY_BYTES 16
#define KEY_TAIL 0x7461696c7461696cULL
#define TRANSACTION 1000
#define RANGE_ENTRIES 100
#define ZIPF_DRAWN (1 << 20)
#define REOPENINGS 21
#define MOST_THREADS 8

typedef struct {
  const char *workload, *directory;
  long entries, value_bytes;
  int durable;
  long warmup_ms, measure_ms;
  uint64_t seed;
} trial;

typedef struct {
  MDB_env *env;
  MDB_dbi table;
} store;

typedef struct {
  store *in;
  MDB_txn *reader;
  MDB_cursor *ranges;
  unsigned char key[KEY_BYTES];
  unsigned char *value, *copy;
  size_t value_bytes;
} session;

/* What one thread does: its session, its choice of keys, and what it needs besides. */
typedef struct work {
  trial *of;
  session *with;
  uint64_t random;
  const int *zipf;
  uint32_t place;
  uint64_t version;
  double reads;
  long next;
  const uint64_t *sorted, *sums;
  void (*run)(struct work *, long count);
  long batch;
  double rate;
} work;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static void check(int result) {
  if (result != 0) fail(mdb_strerror(result));
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec * 1e-9;
}

static void figure(const char *metric, double number) {
  printf("figure %s %.17g\n", metric, number);
}

/* Entries. */

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

static uint64_t entry_key(uint64_t index) { return mix((index + 1) * 0x9e3779b97f4a7c15ULL); }

static void put_long(unsigned char *at, uint64_t number) {
  number = __builtin_bswap64(number);
  memcpy(at, &number, 8);
}

static uint64_t get_long(const unsigned char *at) {
  uint64_t number;
  memcpy(&number, at, 8);
  return __builtin_bswap64(number);
}

static int in_order(const void *a, const void *b) {
  uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
  return x < y ? -1 : x > y;
}

static uint64_t *entry_keys(uint64_t first, long count, int sorted) {
  uint64_t *keys = malloc((count + 1) * sizeof *keys);
  for (long i = 0; i < count; i++) keys[i] = entry_key(first + i);
  if (sorted) qsort(keys, count, sizeof *keys, in_order);
  return keys;
}

static uint64_t scanned(uint64_t key, uint64_t found) { return key + 31 * found; }

static uint64_t scan_sum(const uint64_t *keys, long count) {
  uint64_t sum = 0;
  for (long i = 0; i < count; i++) sum += scanned(keys[i], keys[i]);
  return sum;
}

/* The store. */

static void open_store(store *in, trial *of) {
  size_t payload = (size_t)of->entries * (KEY_BYTES + of->value_bytes);
  MDB_txn *txn;
  check(mdb_env_create(&in->env));
  check(mdb_env_set_mapsize(in->env, ((size_t)1 << 30) + 8 * payload));
  check(mdb_env_open(in->env, of->directory, of->durable ? 0 : MDB_NOSYNC, 0644));
  check(mdb_txn_begin(in->env, NULL, MDB_RDONLY, &txn));
  check(mdb_dbi_open(txn, NULL, 0, &in->table));
  check(mdb_txn_commit(txn));
}

static void close_store(store *in) {
  check(mdb_env_sync(in->env, 1));
  mdb_env_close(in->env);
}

static session *open_session(store *in, long value_bytes) {
  session *s = calloc(1, sizeof *s);
  s->in = in;
  s->value_bytes = value_bytes;
  s->value = calloc(1, value_bytes);
  s->copy = calloc(1, value_bytes);
  put_long(s->key + 8, KEY_TAIL);
  return s;
}

static void close_session(session *s) {
  if (s->ranges) mdb_cursor_close(s->ranges);
  if (s->reader) mdb_txn_abort(s->reader);
  free(s->value);
  free(s->copy);
  free(s);
}

static void begin(session *s) {
  if (s->reader) {
    check(mdb_txn_renew(s->reader));
  } else {
    check(mdb_txn_begin(s->in->env, NULL, MDB_RDONLY, &s->reader));
  }
}

static uint64_t found(session *s, const void *value) {
  const unsigned char *at = value;
  return get_long(at) + get_long(at + s->value_bytes - 8);
}

static MDB_val find(session *s, uint64_t key) {
  put_long(s->key, key);
  MDB_val k = {KEY_BYTES, s->key}, v;
  check(mdb_get(s->reader, s->in->table, &k, &v));
  return v;
}

static uint64_t get_in_view(session *s, uint64_t key) {
  MDB_val v = find(s, key);
  memcpy(s->copy, v.mv_data, s->value_bytes);
  return found(s, s->copy);
}

static uint64_t get(session *s, uint64_t key) {
  begin(s);
  uint64_t result = get_in_view(s, key);
  mdb_txn_reset(s->reader);
  return result;
}

static uint64_t get_in_place(session *s, uint64_t key) {
  begin(s);
  uint64_t result = found(s, find(s, key).mv_data);
  mdb_txn_reset(s->reader);
  return result;
}

static uint64_t walk(session *s, MDB_cursor *cursor, MDB_val *k, MDB_cursor_op first, long count) {
  MDB_val v;
  uint64_t sum = 0;
  int result = mdb_cursor_get(cursor, k, &v, first);
  for (long left = count; result == 0 && left > 0; left--) {
    sum += scanned(get_long(k->mv_data), found(s, v.mv_data));
    result = mdb_cursor_get(cursor, k, &v, MDB_NEXT);
  }
  return sum;
}

static uint64_t scan(session *s) {
  MDB_cursor *cursor;
  MDB_val k;
  begin(s);
  check(mdb_cursor_open(s->reader, s->in->table, &cursor));
  uint64_t sum = walk(s, cursor, &k, MDB_FIRST, INT64_MAX);
  mdb_cursor_close(cursor);
  mdb_txn_reset(s->reader);
  return sum;
}

static uint64_t range(session *s, uint64_t key, long count) {
  put_long(s->key, key);
  MDB_val k = {KEY_BYTES, s->key};
  begin(s);
  if (s->ranges) {
    check(mdb_cursor_renew(s->reader, s->ranges));
  } else {
    check(mdb_cursor_open(s->reader, s->in->table, &s->ranges));
  }
  uint64_t sum = walk(s, s->ranges, &k, MDB_SET_RANGE, count);
  mdb_txn_reset(s->reader);
  return sum;
}

static void put_in(session *s, MDB_txn *txn, uint64_t key, uint64_t version, unsigned flags) {
  put_long(s->key, key);
  put_long(s->value, key);
  put_long(s->value + s->value_bytes - 8, version);
  MDB_val k = {KEY_BYTES, s->key}, v = {s->value_bytes, s->value};
  check(mdb_put(txn, s->in->table, &k, &v, flags));
}

static void put(session *s, uint64_t key, uint64_t version) {
  MDB_txn *txn;
  check(mdb_txn_begin(s->in->env, NULL, 0, &txn));
  put_in(s, txn, key, version, 0);
  check(mdb_txn_commit(txn));
}

static void load(session *s, const uint64_t *keys, long count, long each, unsigned flags) {
  for (long from = 0; from < count; from += each) {
    MDB_txn *txn;
    check(mdb_txn_begin(s->in->env, NULL, 0, &txn));
    for (long i = from; i < count && i < from + each; i++) put_in(s, txn, keys[i], 0, flags);
    check(mdb_txn_commit(txn));
  }
}

static void delete_all(session *s, const uint64_t *keys, long count) {
  for (long from = 0; from < count; from += TRANSACTION) {
    MDB_txn *txn;
    check(mdb_txn_begin(s->in->env, NULL, 0, &txn));
    for (long i = from; i < count && i < from + TRANSACTION; i++) {
      put_long(s->key, keys[i]);
      MDB_val k = {KEY_BYTES, s->key};
      check(mdb_del(txn, s->in->table, &k, NULL));
    }
    check(mdb_txn_commit(txn));
  }
}

/* Choices. */

static uint64_t next_random(work *w) {
  w->random += 0x9e3779b97f4a7c15ULL;
  return mix(w->random);
}

static long random_below(work *w, long bound) {
  return (long)(((unsigned __int128)next_random(w) * (uint64_t)bound) >> 64);
}

static double random_unit(work *w) { return (next_random(w) >> 11) * 0x1p-53; }

static uint64_t next_key(work *w) {
  if (!w->zipf) return entry_key(random_below(w, w->of->entries));
  return entry_key(w->zipf[w->place++ & (ZIPF_DRAWN - 1)]);
}

static double zeta(long count) {
  double sum = 0;
  for (long rank = 1; rank <= count; rank++) sum += pow(rank, -0.99);
  return sum;
}

/* As ZipfDraw. */
static const int *draw_zipf(work *w) {
  int *indexes = malloc(ZIPF_DRAWN * sizeof *indexes);
  long entries = w->of->entries;
  double all = zeta(entries), two = zeta(2), alpha = 1 / (1 - 0.99);
  double eta = (1 - pow(2.0 / entries, 1 - 0.99)) / (1 - two / all);
  for (int i = 0; i < ZIPF_DRAWN; i++) {
    double u = random_unit(w);
    long rank = u * all < 1 ? 0 : 1;
    if (u * all >= two) rank = (long)(entries * pow(eta * u - eta + 1, alpha));
    indexes[i] = (int)(entry_key(~(uint64_t)rank) % (uint64_t)entries);
  }
  return indexes;
}

/* Work. */

static void gets(work *w, long count) {
  uint64_t wrong = 0;
  for (long i = 0; i < count; i++) {
    uint64_t key = next_key(w);
    wrong |= get(w->with, key) ^ key;
  }
  if (wrong) fail("a get found a value that was not put");
}

static void gets_in_place(work *w, long count) {
  uint64_t wrong = 0;
  for (long i = 0; i < count; i++) {
    uint64_t key = next_key(w);
    wrong |= get_in_place(w->with, key) ^ key;
  }
  if (wrong) fail("a get found a value that was not put");
}

static void gets_in_view(work *w, long count) {
  uint64_t wrong = 0;
  begin(w->with);
  for (long i = 0; i < count; i++) {
    uint64_t key = next_key(w);
    wrong |= get_in_view(w->with, key) ^ key;
  }
  mdb_txn_reset(w->with->reader);
  if (wrong) fail("a get found a value that was not put");
}

/* Gets of entries that another thread or process may have put since. */
static void gets_of_any(work *w, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t key = next_key(w);
    if ((int64_t)(get(w->with, key) - key) < 0) fail("a get found a value that was not put");
  }
}

static void scans(work *w, long count) {
  for (long i = 0; i < count; i++) {
    if (scan(w->with) != w->sums[0]) fail("a scan found other entries than were put");
  }
}

static void ranges(work *w, long count) {
  uint64_t wrong = 0;
  for (long i = 0; i < count; i++) {
    long start = random_below(w, w->of->entries - RANGE_ENTRIES);
    uint64_t expected = w->sums[start + RANGE_ENTRIES] - w->sums[start];
    wrong |= range(w->with, w->sorted[start], RANGE_ENTRIES) ^ expected;
  }
  if (wrong) fail("a range found other entries than were put");
}

static void puts_again(work *w, long count) {
  for (long i = 0; i < count; i++) put(w->with, next_key(w), ++w->version);
}

static void gets_and_puts(work *w, long count) {
  for (long i = 0; i < count; i++) {
    uint64_t key = next_key(w);
    if (random_unit(w) < w->reads) {
      if ((int64_t)(get(w->with, key) - key) < 0) fail("a get found a value that was not put");
    } else {
      put(w->with, key, ++w->version);
    }
  }
}

static void ranges_and_inserts(work *w, long count) {
  for (long i = 0; i < count; i++) {
    if (random_unit(w) < w->reads) {
      if (!range(w->with, next_key(w), 1 + random_below(w, 100))) fail("a range found nothing");
    } else {
      put(w->with, entry_key(w->next++), 0);
    }
  }
}

/* The stopwatch: warm-up, then what is measured. */

static long run_until(work *w, double end) {
  long count = 0;
  do {
    w->run(w, w->batch);
    count += w->batch;
  } while (now() < end);
  return count;
}

static void measure(work *w) {
  run_until(w, now() + w->of->warmup_ms * 1e-3);
  double start = now();
  long count = run_until(w, start + w->of->measure_ms * 1e-3);
  w->rate = count / (now() - start);
}

static work make_work(trial *of, store *in, int number, void (*run)(work *, long), long batch) {
  work w = {.of = of, .run = run, .batch = batch, .random = of->seed + number};
  w.with = open_session(in, of->value_bytes);
  w.next = of->entries;
  return w;
}

static double rate_of(trial *of, store *in, void (*run)(work *, long), long batch) {
  work w = make_work(of, in, 0, run, batch);
  measure(&w);
  close_session(w.with);
  return w.rate;
}

static void *thread_main(void *w) {
  measure(w);
  close_session(((work *)w)->with);
  return NULL;
}

static void measure_threads(work *works, int count) {
  pthread_t threads[MOST_THREADS];
  for (int i = 0; i < count; i++) pthread_create(&threads[i], NULL, thread_main, &works[i]);
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
}

static double rate_of_puts(trial *of, store *in, int threads, long batch) {
  work works[MOST_THREADS];
  for (int i = 0; i < threads; i++) works[i] = make_work(of, in, i, puts_again, batch);
  measure_threads(works, threads);
  double rate = 0;
  for (int i = 0; i < threads; i++) rate += works[i].rate;
  return rate;
}

/* Workloads. */

static double files_of(trial *of, int space) {
  const char *names[] = {"data.mdb", "lock.mdb"};
  double bytes = 0;
  for (int i = 0; i < 2; i++) {
    char path[4096];
    struct stat s;
    snprintf(path, sizeof path, "%s/%s", of->directory, names[i]);
    if (stat(path, &s) == 0) bytes += space ? s.st_blocks * 512.0 : (double)s.st_size;
  }
  return bytes / ((double)of->entries * (KEY_BYTES + of->value_bytes));
}

static void do_load(trial *of, int sorted) {
  const char *order = sorted ? "SORTED" : "RANDOM";
  char metric[64];
  store in;
  uint64_t *keys = entry_keys(0, of->entries, sorted);
  open_store(&in, of);
  session *s = open_session(&in, of->value_bytes);
  double start = now();
  load(s, keys, of->entries, TRANSACTION, sorted ? MDB_APPEND : 0);
  double loaded = now();
  close_session(s);
  close_store(&in);
  double closed = now();
  open_store(&in, of);
  s = open_session(&in, of->value_bytes);
  if (scan(s) != scan_sum(keys, of->entries)) fail("a scan found other entries than were put");
  close_session(s);
  close_store(&in);
  snprintf(metric, sizeof metric, "LOAD_%s", order);
  figure(metric, of->entries / (loaded - start));
  snprintf(metric, sizeof metric, "LOAD_%s_CLOSED", order);
  figure(metric, of->entries / (closed - start));
  snprintf(metric, sizeof metric, "FILES_%s", order);
  figure(metric, files_of(of, 0));
  snprintf(metric, sizeof metric, "SPACE_%s", order);
  figure(metric, files_of(of, 1));
}

static void do_churn(trial *of) {
  store in;
  long half = (of->entries + 1) / 2, done = 0;
  open_store(&in, of);
  session *s = open_session(&in, of->value_bytes);
  double start = now();
  for (long first = 0; first < of->entries; first += half) {
    long count = first + half <= of->entries ? half : of->entries - first;
    uint64_t *old = entry_keys(first, count, 0), *new = entry_keys(of->entries + first, count, 0);
    delete_all(s, old, count);
    load(s, new, count, TRANSACTION, 0);
    done += 2 * count;
    free(old);
    free(new);
  }
  figure("CHURN", done / (now() - start));
  uint64_t *left = entry_keys(of->entries, of->entries, 0);
  if (scan(s) != scan_sum(left, of->entries)) fail("a scan found other entries than were put");
  close_session(s);
  close_store(&in);
  figure("CHURN_FILES", files_of(of, 0));
}

static void do_large(trial *of, long value_bytes, const char *name) {
  trial large = *of;
  store in;
  char metric[64];
  large.value_bytes = value_bytes;
  large.entries = of->entries * (KEY_BYTES + of->value_bytes) / value_bytes;
  if (large.entries < 20) large.entries = 20;
  long transaction = 1000000 / value_bytes;
  uint64_t *keys = entry_keys(0, large.entries, 0);
  open_store(&in, &large);
  double start = now();
  session *s = open_session(&in, value_bytes);
  load(s, keys, large.entries, transaction, 0);
  double seconds = now() - start;
  close_session(s);
  snprintf(metric, sizeof metric, "LOAD_%s", name);
  figure(metric, large.entries * (double)(KEY_BYTES + value_bytes) / seconds / 1e6);
  snprintf(metric, sizeof metric, "GET_%s", name);
  figure(metric, 1e6 / rate_of(&large, &in, gets, transaction));
  snprintf(metric, sizeof metric, "PUT_%s", name);
  figure(metric, rate_of(&large, &in, puts_again, transaction));
  close_store(&in);
}

static double open_once(trial *of) {
  store in;
  uint64_t key = entry_key(of->entries / 2);
  double start = now();
  open_store(&in, of);
  session *s = open_session(&in, of->value_bytes);
  if (get(s, key) != key) fail("the first get found a value that was not put");
  double seconds = now() - start;
  close_session(s);
  close_store(&in);
  return seconds * 1e3;
}

static int in_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

static void do_open(trial *of) {
  double warm[REOPENINGS];
  figure("OPEN_COLD", open_once(of));
  for (int i = 0; i < REOPENINGS; i++) warm[i] = open_once(of);
  qsort(warm, REOPENINGS, sizeof *warm, in_size);
  figure("OPEN_WARM", warm[REOPENINGS / 2]);
}

static void do_beside(trial *of, store *in) {
  work works[2] = {
      make_work(of, in, 0, gets_of_any, 100), make_work(of, in, 1, puts_again, 100)};
  measure_threads(works, 2);
  figure("BESIDE_GET", 1e9 / works[0].rate);
  figure("BESIDE_PUT", works[1].rate);
}

static void do_scan(trial *of, store *in) {
  work w = make_work(of, in, 0, scans, 1);
  uint64_t *keys = entry_keys(0, of->entries, 0), sum = scan_sum(keys, of->entries);
  w.sums = &sum;
  measure(&w);
  close_session(w.with);
  figure("SCAN", w.rate * of->entries);
}

static void do_ranges(trial *of, store *in) {
  work w = make_work(of, in, 0, ranges, 10);
  uint64_t *keys = entry_keys(0, of->entries, 1);
  uint64_t *sums = calloc(of->entries + 1, sizeof *sums);
  for (long i = 0; i < of->entries; i++) sums[i + 1] = sums[i] + scanned(keys[i], keys[i]);
  w.sorted = keys;
  w.sums = sums;
  measure(&w);
  close_session(w.with);
  figure("RANGE", w.rate * RANGE_ENTRIES);
}

static double rate_of_zipf(
    trial *of, store *in, void (*run)(work *, long), long batch, double reads) {
  work w = make_work(of, in, 0, run, batch);
  w.zipf = draw_zipf(&w);
  w.reads = reads;
  measure(&w);
  close_session(w.with);
  return w.rate;
}

/* Processes: they say when they have the store open, begin together, and say their rate. */
static void rates_of_processes(trial *of, int readers, int writers, double *rates) {
  int count = readers + writers, ready[2], go[2], done[MOST_THREADS][2];
  char byte = 0;
  if (pipe(ready) || pipe(go)) fail("no pipe");
  fflush(stdout);
  for (int i = 0; i < count; i++) {
    if (pipe(done[i])) fail("no pipe");
    pid_t child = fork();
    if (child < 0) fail("no fork");
    if (child == 0) {
      store in;
      open_store(&in, of);
      work w = i < readers ? make_work(of, &in, i, gets_of_any, 1000)
                           : make_work(of, &in, i, puts_again, 10);
      if (write(ready[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1) _exit(1);
      measure(&w);
      if (write(done[i][1], &w.rate, sizeof w.rate) != sizeof w.rate) _exit(1);
      close_session(w.with);
      close_store(&in);
      _exit(0);
    }
    close(done[i][1]);
  }
  for (int i = 0; i < count; i++) {
    if (read(ready[0], &byte, 1) != 1) fail("a process ended before its time");
  }
  for (int i = 0; i < count; i++) {
    if (write(go[1], &byte, 1) != 1) fail("a process cannot be told");
  }
  for (int i = 0; i < count; i++) {
    int status;
    if (read(done[i][0], &rates[i], sizeof *rates) != sizeof *rates) fail("a process failed");
    if (wait(&status) < 0 || status != 0) fail("a process failed");
  }
}

static int do_shared(trial *of) {
  double rates[MOST_THREADS], sum = 0;
  int number;
  if (strcmp(of->workload, "READ_BESIDE") == 0) {
    rates_of_processes(of, 1, 1, rates);
    figure("READ_BESIDE", rates[0]);
    figure("PUT_BESIDE", rates[1]);
    return 1;
  }
  int reads = sscanf(of->workload, "READ_%d", &number) == 1;
  if (!reads && sscanf(of->workload, "PUT_%d", &number) != 1) return 0;
  rates_of_processes(of, reads ? number : 0, reads ? 0 : number, rates);
  for (int i = 0; i < number; i++) sum += rates[i];
  figure(of->workload, sum);
  return 1;
}

/* Those that open a loaded store and use it for the time of the trial. */
static int do_timed(trial *of) {
  const char *name = of->workload;
  store in;
  int threads;
  open_store(&in, of);
  if (strcmp(name, "GET") == 0) {
    figure(name, 1e9 / rate_of(of, &in, gets, 1000));
  } else if (strcmp(name, "GET_IN_PLACE") == 0) {
    figure(name, 1e9 / rate_of(of, &in, gets_in_place, 1000));
  } else if (strcmp(name, "GET_IN_VIEW") == 0) {
    figure(name, 1e9 / rate_of(of, &in, gets_in_view, 100000));
  } else if (strcmp(name, "GET_ZIPF") == 0) {
    figure(name, 1e9 / rate_of_zipf(of, &in, gets, 1000, 1));
  } else if (strcmp(name, "SCAN") == 0) {
    do_scan(of, &in);
  } else if (strcmp(name, "RANGE") == 0) {
    do_ranges(of, &in);
  } else if (strcmp(name, "PUT") == 0 || strcmp(name, "PUT_MEMORY") == 0) {
    figure(name, rate_of_puts(of, &in, 1, 100));
  } else if (strcmp(name, "PUT_SYNC") == 0) {
    figure(name, rate_of_puts(of, &in, 1, 1));
  } else if (sscanf(name, "PUT_SYNC_%d", &threads) == 1) {
    figure(name, rate_of_puts(of, &in, threads, 1));
  } else if (strcmp(name, "YCSB_A") == 0) {
    figure(name, rate_of_zipf(of, &in, gets_and_puts, 100, 0.5));
  } else if (strcmp(name, "YCSB_B") == 0) {
    figure(name, rate_of_zipf(of, &in, gets_and_puts, 100, 0.95));
  } else if (strcmp(name, "YCSB_E") == 0) {
    figure(name, rate_of_zipf(of, &in, ranges_and_inserts, 100, 0.95));
  } else if (strcmp(name, "BESIDE") == 0) {
    do_beside(of, &in);
  } else {
    return 0;
  }
  close_store(&in);
  return 1;
}

int main(int count, char **words) {
  if (count != 10) fail("usage: see the source");
  trial of = {
      .workload = words[1],
      .directory = words[3],
      .entries = atol(words[4]),
      .value_bytes = atol(words[5]),
      .durable = strcmp(words[6], "true") == 0,
      .warmup_ms = atol(words[7]),
      .measure_ms = atol(words[8]),
      .seed = strtoull(words[9], NULL, 10),
  };
  if (strcmp(of.workload, "LOAD_RANDOM") == 0) {
    do_load(&of, 0);
  } else if (strcmp(of.workload, "LOAD_SORTED") == 0) {
    do_load(&of, 1);
  } else if (strcmp(of.workload, "CHURN") == 0) {
    do_churn(&of);
  } else if (strcmp(of.workload, "LARGE_10K") == 0) {
    do_large(&of, 10000, "10K");
  } else if (strcmp(of.workload, "LARGE_1M") == 0) {
    do_large(&of, 1000000, "1M");
  } else if (strcmp(of.workload, "OPEN") == 0) {
    do_open(&of);
  } else if (!do_shared(&of) && !do_timed(&of)) {
    fail("no such workload");
  }
  return 0;
}

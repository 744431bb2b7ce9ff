/* Makes LMDB environments as a C program makes them, each a single file in the directory given. */
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int code, const char *what) {
  if (code != MDB_SUCCESS) {
    fprintf(stderr, "%s: %s\n", what, mdb_strerror(code));
    exit(1);
  }
}

static MDB_env *env;
static MDB_txn *txn;

static void open_file(const char *directory, const char *name) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", directory, name);
  check(mdb_env_create(&env), "create");
  check(mdb_env_set_maxdbs(env, 8), "maxdbs");
  check(mdb_env_open(env, path, MDB_NOSUBDIR, 0644), path);
  check(mdb_txn_begin(env, NULL, 0, &txn), "begin");
}

static void close_file(void) {
  check(mdb_txn_commit(txn), "commit");
  mdb_env_close(env);
}

static MDB_dbi database(const char *name, unsigned flags) {
  MDB_dbi dbi;
  check(mdb_dbi_open(txn, name, name == NULL ? flags : flags | MDB_CREATE, &dbi), "database");
  return dbi;
}

static void put(MDB_dbi dbi, const void *key, size_t key_size, const void *value, size_t size) {
  MDB_val k = {key_size, (void *)key};
  MDB_val v = {size, (void *)value};
  check(mdb_put(txn, dbi, &k, &v, 0), "put");
}

static void put_text(MDB_dbi dbi, const char *key, const char *value) {
  put(dbi, key, strlen(key), value, strlen(value));
}

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: make_environments DIRECTORY\n");
    return 2;
  }
  const char *directory = arguments[1];

  open_file(directory, "plain.mdb");
  MDB_dbi users = database("users", 0);
  put_text(users, "ada", "Ada Lovelace");
  put_text(users, "grace", "Grace Hopper");
  put_text(users, "\xff", "last");
  database("empty", 0);
  MDB_dbi many = database("many", 0);
  for (int i = 0; i < 1000; i++) {
    char key[32];
    char value[32];
    snprintf(key, sizeof key, "key-%04d", i * 7 % 1000);
    snprintf(value, sizeof value, "value %d", i * 7 % 1000);
    put_text(many, key, value);
  }
  MDB_dbi large = database("large", 0);
  char *bytes = malloc(10000);
  for (int i = 0; i < 10000; i++) {
    bytes[i] = (char)(i % 251);
  }
  put(large, "photo", 5, bytes, 10000);
  free(bytes);
  MDB_dbi unnamed = database(NULL, 0);
  put_text(unnamed, "greeting", "hello");
  /* As long as LMDB's own record of a database. */
  put_text(unnamed, "trap", "000000000011111111112222222222333333333344444444");
  close_file();

  open_file(directory, "numbers.mdb");
  MDB_dbi wide = database("wide", MDB_INTEGERKEY);
  MDB_dbi narrow = database("narrow", MDB_INTEGERKEY);
  for (int i = 0; i < 100; i++) {
    size_t number = (size_t)i * 1000;
    unsigned small = (unsigned)i * 3;
    char value[32];
    snprintf(value, sizeof value, "%d", i);
    put(wide, &number, sizeof number, value, strlen(value));
    put(narrow, &small, sizeof small, value, strlen(value));
  }
  MDB_dbi reversed = database("reversed", MDB_REVERSEKEY);
  put_text(reversed, "za", "1");
  put_text(reversed, "ab", "2");
  put_text(reversed, "mc", "3");
  close_file();

  open_file(directory, "duplicates.mdb");
  MDB_dbi tags = database("tags", MDB_DUPSORT);
  put_text(tags, "ada", "analyst");
  put_text(tags, "ada", "poet");
  put_text(tags, "ada", "countess");
  put_text(tags, "bob", "builder");
  close_file();
  return 0;
}

package dev.quire.store.lmdb;

import dev.quire.store.testing.contract.CursorContract;
import dev.quire.store.testing.contract.IntegerTableContract;
import dev.quire.store.testing.contract.LargeValueContract;
import dev.quire.store.testing.contract.MapContract;
import dev.quire.store.testing.contract.MisuseContract;
import dev.quire.store.testing.contract.TableContract;
import dev.quire.store.testing.contract.TransactionContract;
import dev.quire.store.testing.contract.UpdateContract;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/// The contract on LMDB, but for its [LmdbLimits].
@ExtendWith(LmdbLimits.class)
class LmdbStoreTest {

  @Nested
  class Tables extends TableContract {
    Tables() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class IntegerTables extends IntegerTableContract {
    IntegerTables() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class LargeValues extends LargeValueContract {
    LargeValues() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class Cursors extends CursorContract {
    Cursors() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class Transactions extends TransactionContract {
    Transactions() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    Misuse() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class Updates extends UpdateContract {
    Updates() {
      super(LmdbForm::new);
    }
  }

  @Nested
  class Maps extends MapContract {
    Maps() {
      super(LmdbForm::new);
    }
  }
}

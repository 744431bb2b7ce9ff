package dev.quire.store;

import dev.quire.store.testing.contract.ActivityContract;
import dev.quire.store.testing.contract.BoundContract;
import dev.quire.store.testing.contract.CursorContract;
import dev.quire.store.testing.contract.ExpiryContract;
import dev.quire.store.testing.contract.IntegerTableContract;
import dev.quire.store.testing.contract.LargeValueContract;
import dev.quire.store.testing.contract.LoadContract;
import dev.quire.store.testing.contract.MapContract;
import dev.quire.store.testing.contract.MisuseContract;
import dev.quire.store.testing.contract.StoreForm;
import dev.quire.store.testing.contract.TableContract;
import dev.quire.store.testing.contract.TransactionContract;
import org.junit.jupiter.api.Nested;

/// The contract on a store in named shared memory.
class NamedStoreTest {

  @Nested
  class Activity extends ActivityContract {
    Activity() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Tables extends TableContract {
    Tables() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class IntegerTables extends IntegerTableContract {
    IntegerTables() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class LargeValues extends LargeValueContract {
    LargeValues() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Cursors extends CursorContract {
    Cursors() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Expiry extends ExpiryContract {
    Expiry() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Bounds extends BoundContract {
    Bounds() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Transactions extends TransactionContract {
    Transactions() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    Misuse() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Maps extends MapContract {
    Maps() {
      super(StoreForm::shared);
    }
  }

  @Nested
  class Loads extends LoadContract {
    Loads() {
      super(StoreForm::shared);
    }
  }
}

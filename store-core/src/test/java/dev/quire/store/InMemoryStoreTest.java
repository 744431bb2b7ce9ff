package dev.quire.store;

import dev.quire.store.testing.contract.ActivityContract;
import dev.quire.store.testing.contract.BoundContract;
import dev.quire.store.testing.contract.ChangesContract;
import dev.quire.store.testing.contract.CursorContract;
import dev.quire.store.testing.contract.ExpiryContract;
import dev.quire.store.testing.contract.IntegerTableContract;
import dev.quire.store.testing.contract.LargeValueContract;
import dev.quire.store.testing.contract.LoadContract;
import dev.quire.store.testing.contract.LockContract;
import dev.quire.store.testing.contract.MapContract;
import dev.quire.store.testing.contract.MisuseContract;
import dev.quire.store.testing.contract.StoreForm;
import dev.quire.store.testing.contract.TableContract;
import dev.quire.store.testing.contract.TransactionContract;
import dev.quire.store.testing.contract.UpdateContract;
import dev.quire.store.testing.contract.WatchContract;
import org.junit.jupiter.api.Nested;

/// The contract on a store in memory.
class InMemoryStoreTest {

  @Nested
  class Activity extends ActivityContract {
    Activity() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Tables extends TableContract {
    Tables() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class IntegerTables extends IntegerTableContract {
    IntegerTables() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class LargeValues extends LargeValueContract {
    LargeValues() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Cursors extends CursorContract {
    Cursors() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Transactions extends TransactionContract {
    Transactions() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    Misuse() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Differences extends ChangesContract {
    Differences() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Updates extends UpdateContract {
    Updates() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Watches extends WatchContract {
    Watches() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Expiry extends ExpiryContract {
    Expiry() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Bounds extends BoundContract {
    Bounds() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Locks extends LockContract {
    Locks() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Maps extends MapContract {
    Maps() {
      super(StoreForm::inMemory);
    }
  }

  @Nested
  class Loads extends LoadContract {
    Loads() {
      super(StoreForm::inMemory);
    }
  }
}

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

/// The contract on a store in a directory.
class DurableStoreTest {

  @Nested
  class Activity extends ActivityContract {
    Activity() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Tables extends TableContract {
    Tables() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class IntegerTables extends IntegerTableContract {
    IntegerTables() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class LargeValues extends LargeValueContract {
    LargeValues() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Cursors extends CursorContract {
    Cursors() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Transactions extends TransactionContract {
    Transactions() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Misuse extends MisuseContract {
    Misuse() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Differences extends ChangesContract {
    Differences() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Updates extends UpdateContract {
    Updates() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Watches extends WatchContract {
    Watches() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Expiry extends ExpiryContract {
    Expiry() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Bounds extends BoundContract {
    Bounds() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Locks extends LockContract {
    Locks() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Maps extends MapContract {
    Maps() {
      super(StoreForm::durable);
    }
  }

  @Nested
  class Loads extends LoadContract {
    Loads() {
      super(StoreForm::durable);
    }
  }
}

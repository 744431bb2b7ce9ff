package dev.quire.store.kryo;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.util.DefaultClassResolver;

/// Classes by their numbers only: a name in the bytes is not even looked up.
final class RegisteredClasses extends DefaultClassResolver {

  @Override
  protected Registration readName(Input input) {
    throw new KryoException("a class by its name; only registered classes are read, by their ids");
  }
}

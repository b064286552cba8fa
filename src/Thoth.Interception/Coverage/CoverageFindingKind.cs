namespace Thoth.Interception;

/// <summary>Specifies how a governed tool can be reached ungoverned.</summary>
public enum CoverageFindingKind
{
    /// <summary>The governed interface is registered again, or replaced, after it was governed.</summary>
    LaterRegistration = 0,

    /// <summary>The governed interface is registered under a key after it was governed.</summary>
    KeyedRegistration,

    /// <summary>The governed interface is a closed generic type whose open generic form is registered too, or the reverse.</summary>
    OpenGenericRegistration,

    /// <summary>A class that implements the governed interface is registered under its own type.</summary>
    ConcreteClass,

    /// <summary>A registered class takes a class that implements the governed interface as a constructor parameter.</summary>
    ConstructorParameter,

    /// <summary>
    /// A base interface, a derived one, or another interface of an implementation is registered with an implementation of the
    /// governed interface, or with a factory whose result is unknown.
    /// </summary>
    RelatedInterface,

    /// <summary>A factory of another service declares that it returns an implementation of the governed interface.</summary>
    Factory,
}

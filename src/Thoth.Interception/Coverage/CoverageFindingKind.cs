namespace Thoth.Interception;

/// <summary>How a governed tool can be reached ungoverned.</summary>
public enum CoverageFindingKind
{
    /// <summary>The governed interface is registered again, or replaced, after it was governed.</summary>
    LaterRegistration = 0,

    /// <summary>The same under a key.</summary>
    KeyedRegistration,

    /// <summary>The governed interface is closed and its open generic form is registered too, or the other way round.</summary>
    OpenGenericRegistration,

    /// <summary>A class that implements the governed interface is registered as a service of its own.</summary>
    ConcreteClass,

    /// <summary>A registered class takes a class that implements the governed interface as a constructor parameter.</summary>
    ConstructorParameter,

    /// <summary>
    /// A base interface, a derived one, or another interface of an implementation is registered with what implements the
    /// governed interface, or with a factory that nobody can look into.
    /// </summary>
    RelatedInterface,

    /// <summary>A factory of another service declares that it returns what implements the governed interface.</summary>
    Factory,
}

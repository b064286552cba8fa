namespace Thoth.Enforcer.Tenants;

/// <summary>What an API key may be used for.</summary>
[Flags]
internal enum KeyRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Ask about calls, held ones included, and for explanations.</summary>
    Execute = 1,

    /// <summary>Deliver events.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    All = Execute | Write,
}

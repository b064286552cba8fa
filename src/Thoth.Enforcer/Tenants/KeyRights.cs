namespace Thoth.Enforcer.Tenants;

/// <summary>The rights of an API key.</summary>
[Flags]
internal enum KeyRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>To evaluate calls, poll held ones and get explanations.</summary>
    Execute = 1,

    /// <summary>To deliver events.</summary>
    Write = 2,

    /// <summary>Both.</summary>
    All = Execute | Write,
}

namespace Thoth.Interception.LocalPolicy;

/// <summary>Names the SDK that sent a call. The SDKs differ in how they send arguments and apply changed ones (contract §1.2.1 and §4).</summary>
public enum CallingSdk
{
    /// <summary>An SDK that cannot be recognized.</summary>
    Unknown = 0,

    /// <summary>This library. It sends all arguments by name.</summary>
    DotNet,

    /// <summary>The Go SDK.</summary>
    Go,

    /// <summary>The Python SDK. It ignores changes of arguments that it sent by name.</summary>
    Python,

    /// <summary>The TypeScript SDK.</summary>
    TypeScript,
}

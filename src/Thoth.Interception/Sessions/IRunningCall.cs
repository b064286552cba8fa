namespace Thoth.Interception.Sessions;

/// <summary>Represents the call whose tool a flow runs.</summary>
internal interface IRunningCall
{
    /// <summary>Gets the key by which a repetition of the call is known; computed when it is first read.</summary>
    string IdempotencyKey { get; }
}

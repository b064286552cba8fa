namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>A watch of a policy source, which ends when it is disposed.</summary>
internal interface IPolicyWatch : IDisposable
{
    /// <summary>Gets why no hint of a change comes; <see langword="null"/> if the system gives them.</summary>
    Exception? Error { get; }

    /// <summary>Begins to watch anew, because a change came without a hint.</summary>
    void Renew();
}

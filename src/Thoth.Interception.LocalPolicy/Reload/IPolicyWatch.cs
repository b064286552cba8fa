namespace Thoth.Interception.LocalPolicy.Reload;

/// <summary>A watch of a policy source, which ends when it is disposed.</summary>
internal interface IPolicyWatch : IDisposable
{
    /// <summary>Begins to watch anew, because a change came without a hint.</summary>
    void Renew();
}

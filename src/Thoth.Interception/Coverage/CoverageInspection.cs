using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Thoth.Interception.Interception;

namespace Thoth.Interception.Coverage;

/// <summary>Searches a service collection for ways to reach a governed tool that bypass its proxy.</summary>
internal sealed class CoverageInspection
{
    private static readonly Assembly s_library = typeof(CoverageInspection).Assembly;

    private readonly CoverageRules _rules;
    private readonly ServiceDescriptor[] _services;
    private readonly GovernedRegistration[] _present;
    private readonly HashSet<ServiceDescriptor> _governed;
    private readonly List<GovernedInterface> _interfaces = [];
    private readonly Dictionary<Type, GovernedInterface> _byType = [];

    public CoverageInspection(CoverageRules rules)
    {
        _rules = rules;
        _services = rules.Snapshot();
        var registrations = Array.Find(_services, descriptor => descriptor is { IsKeyedService: false, ImplementationInstance: GovernedServices })
            ?.ImplementationInstance is GovernedServices governed ? [.. governed.Registrations] : Array.Empty<GovernedRegistration>();
        _governed = [.. registrations.Select(registration => registration.Governed)];
        var services = _services.ToHashSet();
        _present = Array.FindAll(registrations, registration => services.Contains(registration.Governed));

        // An interface stays in this list when its registration was replaced: the replacement is a bypass to report.
        foreach (var tools in registrations.Select(registration => registration.Plan.Interface).Distinct()
            .Where(type => rules.CoverageOf(type) != ToolCoverage.Off)
            .OrderBy(type => (int)rules.CoverageOf(type)))
        {
            var governedInterface = new GovernedInterface(tools, _interfaces.Count, []);
            _interfaces.Add(governedInterface);
            _byType.Add(tools, governedInterface);
        }

        AddImplementations();
    }

    public CoverageReport Run()
    {
        var findings = _interfaces.Count == 0 ? [] : _services.Where(IsCandidate).Select(FindingAt).OfType<CoverageFinding>()
            .Concat(Consumers().SelectMany(FindingsInConstructors))
            .ToArray();
        return new CoverageReport(
            _present,
            Array.FindAll(findings, finding => finding.AllowedReason is null),
            Array.FindAll(findings, finding => finding.AllowedReason is not null),
            _rules.CoverageOf);
    }

    /// <summary>Excludes the governed registrations, Scrutor's keyed targets and the library's services: they do not bypass governance.</summary>
    private bool IsCandidate(ServiceDescriptor descriptor) =>
        !_governed.Contains(descriptor) && !IsLibraryType(descriptor.ServiceType) && !descriptor.IsKeptByScrutor();

    /// <summary>
    /// Tells whether the type is internal to the library, or was emitted from such a type. Other code can neither name nor extend it.
    /// </summary>
    private static bool IsLibraryType(Type type)
    {
        for (var ancestor = type; ancestor is not null; ancestor = ancestor.BaseType)
        {
            if (ancestor.Assembly == s_library && !ancestor.IsVisible)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Tells whether the application decorated a governed registration afterwards: Scrutor has then moved that to a key.</summary>
    private bool IsDecoratedSince(Type tools) =>
        !Array.Exists(_present, registration => registration.Plan.Interface == tools)
        && Array.Exists(_services, descriptor => descriptor.ServiceType == tools && descriptor.IsKeptByScrutor());

    /// <summary>Adds the classes that are known to implement each interface. A factory with an unknown result may return any of them.</summary>
    private void AddImplementations()
    {
        foreach (var registration in _present)
        {
            if (ImplementationInfo.Of(registration.Original) is { IsKnown: true } implementation
                && _byType.TryGetValue(registration.Plan.Interface, out var tools) && implementation.Type.IsOrImplements(tools.Type))
            {
                tools.Implementations.Add(implementation.Type);
            }
        }

        foreach (var descriptor in _services.Where(IsCandidate))
        {
            if (ImplementationInfo.Of(descriptor) is { IsKnown: true } implementation)
            {
                foreach (var tools in ImplementedBy(implementation.Type))
                {
                    tools.Implementations.Add(implementation.Type);
                }
            }
        }
    }

    /// <summary>Gets the governed interfaces that a type is or implements, in the order of all. Only an open generic type needs a search.</summary>
    private List<GovernedInterface> ImplementedBy(Type type)
    {
        if (type.ContainsGenericParameters)
        {
            return _interfaces.FindAll(tools => type.IsOrImplements(tools.Type));
        }

        var found = new List<GovernedInterface>();
        foreach (var implemented in (Type[])[type, .. type.GetInterfaces()])
        {
            if (_byType.TryGetValue(implemented, out var tools))
            {
                found.Add(tools);
            }
        }

        found.Sort(static (tools, other) => tools.Position.CompareTo(other.Position));
        return found;
    }

    /// <summary>
    /// Gets at most one finding for a registration: that of the interface itself, or else of the interface with the strictest mode.
    /// </summary>
    private CoverageFinding? FindingAt(ServiceDescriptor descriptor)
    {
        var implementation = ImplementationInfo.Of(descriptor);
        if (_byType.TryGetValue(descriptor.ServiceType, out var exact))
        {
            return FindingAt(descriptor, implementation, exact);
        }

        var mayReachOthers = descriptor.ServiceType.ContainsGenericParameters
            || (!implementation.IsKnown && !implementation.Type.IsNeverUsedForCalls());
        foreach (var tools in mayReachOthers ? _interfaces : ImplementedBy(TypeRelations.Unwrap(implementation.Type)))
        {
            if (FindingAt(descriptor, implementation, tools) is { } finding)
            {
                return finding;
            }
        }

        return null;
    }

    private CoverageFinding? FindingAt(ServiceDescriptor descriptor, ImplementationInfo implementation, GovernedInterface tools)
    {
        var service = descriptor.ServiceType;
        if (service == tools.Type)
        {
            return descriptor.IsKeyedService
                ? Finding(CoverageFindingKind.KeyedRegistration, descriptor, tools, CoverageText.KeyedRegistration(descriptor))
                : Finding(CoverageFindingKind.LaterRegistration, descriptor, tools, CoverageText.LaterRegistration(descriptor, IsDecoratedSince(tools.Type)));
        }

        if (service.IsOtherFormOf(tools.Type))
        {
            return descriptor.CanServe(tools.Type)
                ? Finding(CoverageFindingKind.OpenGenericRegistration, descriptor, tools, CoverageText.OpenGenericRegistration(descriptor, tools.Type))
                : null;
        }

        // A collection or function of the interface itself has services from the container, which are governed.
        var reached = TypeRelations.Unwrap(implementation.Type);
        if ((!reached.IsInterface || reached == implementation.Type) && reached.IsOrImplements(tools.Type))
        {
            return !TypeRelations.Unwrap(service).IsInterface && TypeRelations.Unwrap(service).IsOrImplements(tools.Type)
                ? Finding(CoverageFindingKind.ConcreteClass, descriptor, tools, CoverageText.ConcreteClass(descriptor, reached, tools.Type), reached)
                : implementation.ByFactory && !reached.IsInterface
                    ? Finding(CoverageFindingKind.Factory, descriptor, tools, CoverageText.Factory(descriptor, reached, tools.Type))
                    : Finding(
                        CoverageFindingKind.RelatedInterface, descriptor, tools,
                        implementation.ByFactory ? CoverageText.OpaqueFactory(descriptor, tools.Type) : CoverageText.RelatedInterface(descriptor, tools.Type));
        }

        return !implementation.IsKnown && tools.MayBeReturnedAs(implementation.Type)
            ? Finding(CoverageFindingKind.RelatedInterface, descriptor, tools, CoverageText.OpaqueFactory(descriptor, tools.Type))
            : null;
    }

    /// <summary>
    /// Gets the registered classes, including governed and decorated ones, with their registrations. A class that implements the
    /// interface itself is a decorator: the calls that it passes on were evaluated before.
    /// </summary>
    private IEnumerable<Consumer> Consumers()
    {
        var classes = new HashSet<Type>();
        foreach (var descriptor in _services.Concat(_present.Select(registration => registration.Original)))
        {
            if (descriptor.GetImplementationType() is { } type && !IsLibraryType(type) && classes.Add(type))
            {
                yield return new Consumer(type, descriptor);
            }
        }
    }

    private IEnumerable<CoverageFinding> FindingsInConstructors(Consumer consumer)
    {
        foreach (var parameter in ParametersOf(consumer.Class))
        {
            var reached = TypeRelations.Unwrap(parameter);
            if (!reached.IsInterface && ImplementedBy(reached).Find(tools => !consumer.Class.IsOrImplements(tools.Type)) is { } tools)
            {
                yield return Finding(
                    CoverageFindingKind.ConstructorParameter, consumer.Descriptor, tools,
                    CoverageText.ConstructorParameter(consumer.Class, parameter, reached, tools.Type), consumer.Class, reached);
            }
        }
    }

    private static Type[] ParametersOf(Type type)
    {
        try
        {
            return type.GetConstructors().SelectMany(constructor => constructor.GetParameters()).Select(parameter => parameter.ParameterType).Distinct().ToArray();
        }
        catch (Exception exception) when (exception is TypeLoadException or IOException or BadImageFormatException)
        {
            // The container cannot create a class with a missing assembly either.
            return [];
        }
    }

    private CoverageFinding Finding(
        CoverageFindingKind kind, ServiceDescriptor descriptor, GovernedInterface tools, string message, params ReadOnlySpan<Type> concernedTypes) =>
        new()
        {
            Kind = kind,
            Interface = tools.Type,
            ServiceType = descriptor.ServiceType,
            ServiceKey = descriptor.ServiceKey,
            Message = message,
            AllowedReason = _rules.ReasonFor(descriptor.ServiceType) ?? _rules.ReasonFor(concernedTypes),
        };

    private sealed record Consumer(Type Class, ServiceDescriptor Descriptor);

    private sealed record GovernedInterface(Type Type, int Position, HashSet<Type> Implementations)
    {
        /// <summary>Tells whether a factory that declares this interface or abstract class may return a tool.</summary>
        public bool MayBeReturnedAs(Type declared) =>
            !declared.IsNeverUsedForCalls()
            && (Type.IsOrImplements(declared) || Implementations.Any(candidate => declared.IsInterface
                ? candidate.IsOrImplements(declared)
                : candidate.IsSubclassOf(declared)));
    }
}

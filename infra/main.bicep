targetScope = 'subscription'

@description('Short name of this installation; names of all resources are made from it.')
@minLength(2)
@maxLength(20)
param environmentName string

@description('Region of all resources. It must offer Flex Consumption.')
param location string

@description('Who is mailed when Watchdesk itself is down. Empty: no alert is made.')
param alertEmail string = ''

@description('Object id of the person in Microsoft Entra ID who is the first admin.')
param firstAdmin string = ''

@description('Client id of an app registration for sign-in with Microsoft Entra ID. Empty: sign-in with Entra ID stays off.')
param signInClientId string = ''

@description('Address that links are built from, without a trailing slash. Empty: the address of the function app.')
param publicUrl string = ''

@description('OTLP endpoint for traces and metrics beside Application Insights. Empty: none.')
param otlpEndpoint string = ''

@description('Copies of the storage account: in three zones, or in one place where the region has no zones.')
@allowed([
  'Standard_ZRS'
  'Standard_LRS'
])
param storageSku string = 'Standard_ZRS'

var tags = { 'azd-env-name': environmentName }
var token = toLower(uniqueString(subscription().id, environmentName, location))
var appName = 'watchdesk-${token}'

resource group 'Microsoft.Resources/resourceGroups@2022-09-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-${appName}'
    location: location
    tags: tags
  }
}

module logs 'modules/logs.bicep' = {
  name: 'logs'
  scope: group
  params: {
    name: appName
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'wd${token}'
    location: location
    tags: tags
    sku: storageSku
    principalId: identity.outputs.principalId
  }
}

module serviceBus 'modules/servicebus.bicep' = {
  name: 'servicebus'
  scope: group
  params: {
    name: 'sb-${appName}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

module keyVault 'modules/keyvault.bicep' = {
  name: 'keyvault'
  scope: group
  params: {
    name: 'kv-wd-${token}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
  }
}

// A group of its own: what may make containers there may touch nothing else.
resource runners 'Microsoft.Resources/resourceGroups@2022-09-01' = {
  name: 'rg-${environmentName}-runners'
  location: location
  tags: tags
}

module runnerAccess 'modules/runners.bicep' = {
  name: 'runners'
  scope: runners
  params: {
    principalId: identity.outputs.principalId
  }
}

module app 'modules/functionapp.bicep' = {
  name: 'functionapp'
  scope: group
  params: {
    name: appName
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageAccountName: storage.outputs.name
    deploymentContainerUrl: storage.outputs.deploymentContainerUrl
    serviceBusNamespace: serviceBus.outputs.fullyQualifiedNamespace
    keyVaultUri: keyVault.outputs.uri
    appInsightsConnectionString: logs.outputs.connectionString
    firstAdmin: firstAdmin
    signInClientId: signInClientId
    publicUrl: publicUrl
    otlpEndpoint: otlpEndpoint
    runnerGroupId: runners.id
  }
}

module alert 'modules/alert.bicep' = if (!empty(alertEmail)) {
  name: 'alert'
  scope: group
  params: {
    name: appName
    location: location
    tags: tags
    email: alertEmail
    healthUrl: '${app.outputs.url}/health'
    appInsightsId: logs.outputs.appInsightsId
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output WATCHDESK_URL string = app.outputs.url
